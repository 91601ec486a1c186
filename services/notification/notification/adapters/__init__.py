"""The vault and the mail server."""
