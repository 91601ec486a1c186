"""Where sealed files lie: in GridFS, or by setting in S3. One port, one conformance suite."""
