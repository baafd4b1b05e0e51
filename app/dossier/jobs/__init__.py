"""Job scripts: what starts a run of the campaign on its machine with the layout of the estimate."""

from app.dossier.jobs.files import job_files
from app.dossier.jobs.job import NoJobError

__all__ = ["NoJobError", "job_files"]
