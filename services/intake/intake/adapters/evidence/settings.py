"""Settings of evidence."""

from typing import Annotated

from pydantic import Field

from intake.adapters.evidence.cleaning.made import Limits
from service_kit.settings import ServiceSettings

MIB = 1024 * 1024


class EvidenceSettings(ServiceSettings):
    """``evidence_store`` is ``gridfs`` or ``s3://bucket/prefix`` (credentials, region and endpoint
    as AWS's own variables); the rest is what one file, one report and one moment may cost."""

    evidence_store: Annotated[str, Field(pattern=r"^(gridfs|s3://[^\s?#@]+)$")] = "gridfs"
    evidence_photo_bytes: Annotated[int, Field(gt=0)] = 20 * MIB
    evidence_film_bytes: Annotated[int, Field(gt=0)] = 50 * MIB
    evidence_pixels: Annotated[int, Field(gt=0)] = 50_000_000
    evidence_frames: Annotated[int, Field(gt=0)] = 100
    evidence_per_report: Annotated[int, Field(gt=0, le=50)] = 10
    evidence_per_task: Annotated[int, Field(gt=0, le=50)] = 20
    evidence_link_seconds: Annotated[int, Field(gt=0, le=300)] = 300
    evidence_workers: Annotated[int, Field(gt=0)] = 2
    evidence_memory_bytes: Annotated[int, Field(gt=0)] = 256 * MIB
    evidence_seconds: Annotated[float, Field(gt=0)] = 120.0

    def evidence_limits(self) -> Limits:
        """What a file may hold."""
        return Limits(pixels=self.evidence_pixels, frames=self.evidence_frames)
