"""Fields about data: storage, transfer, and what is read and written."""

from __future__ import annotations

from estimators.requests.form.inputs import Fill, Filled, FormInputs, digits, plain
from estimators.requests.storage import transfer_bytes, transfer_seconds
from estimators.words import say

PLACES = ("scratch", "work", "home", "archive")
"""In the order of the form."""


def _tb(inputs: FormInputs) -> Filled:
    items = {item.place: item for item in inputs.storage}
    words = "; ".join(f"{place.upper()} {plain(items[place].bytes / 1e12)}" for place in PLACES)
    return Filled(words, "TB")


def _thousand_files(inputs: FormInputs) -> Filled:
    items = {item.place: item for item in inputs.storage}
    words = "; ".join(f"{place.upper()} {plain((items[place].files or 0) / 1e3)}" for place in PLACES)
    return Filled(words, "thousand files")


def _total_gb(inputs: FormInputs) -> Filled:
    return Filled(plain(sum(item.bytes for item in inputs.storage) / 1e9), "GB")


def _transfer(inputs: FormInputs) -> Filled:
    into, out = transfer_bytes(inputs.campaign, inputs.catalogue)
    seconds = transfer_seconds(inputs.campaign, inputs.catalogue)
    time = say("Rate to the site not known.")
    if seconds is not None:
        time = say("In takes {hours} h.", hours=digits(seconds / 3600.0))
    return Filled(f"{plain(into / 1e12)} in (training data), {plain(out / 1e12)} out (weights)", "TB", time)


def _io(inputs: FormInputs) -> Filled:
    job = inputs.main_job
    if job is None or job.checkpoint_minutes is None or not job.checkpoint_bytes:
        return Filled(
            "Training data are read once per pass in packed files.", hint=say("Add checkpoint habits.")
        )
    each_hour = 60.0 / job.checkpoint_minutes
    files = ((inputs.campaign.main.answer.gpus or 0) + 1) * each_hour
    return Filled(
        f"Training data in packed files; a sharded checkpoint of {plain(job.checkpoint_bytes / 1e9)} GB "
        f"every {plain(job.checkpoint_minutes)} minutes: {plain(job.checkpoint_bytes * each_hour / 1e9)} GB "
        f"and {plain(files)} files an hour",
        hint=say("Name your I/O library."),
    )


FILLS: dict[str, Fill] = {
    "storage-scratch-work-home-archive-needed-at-one-time-tb": _tb,
    "storage-number-of-files-on-scratch-work-home-archive-thousan": _thousand_files,
    "storage-total-storage-required-gb": _total_gb,
    "transfer-total-data-to-move-in-out-tb-and-justification-outs": _transfer,
    "i-o-i-o-strategy-traffic-per-hour-files-made-per-hour-i-o-bo": _io,
}
"""What the plan says of its data, by id of the field."""
