"""Changes of a plan that can be undone.

An edit keeps paths and values, never references to parts of a plan, so it can be applied to any plan in
which the paths exist. The window wraps edits in its undo stack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from app.plan.errors import PlanError
from app.plan.fields import field_name, value_said
from app.plan.schema import Plan
from app.plan.shape_errors import plan_of
from estimators.words import NOTHING, Name, Said, say


@dataclass(frozen=True, slots=True)
class Change:
    """One input's value before and after."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of undo: changes that belong together.

    Attributes:
        label: For the menu, for example "Change tokens to 400 B".
        changes: In the order in which they are made.
    """

    label: Said
    changes: tuple[Change, ...]

    @property
    def merge_key(self) -> str:
        """Edits with the same key become one step while a control is dragged."""
        return " ".join(change.path for change in self.changes)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return all(change.old == change.new for change in self.changes)

    def apply(self, plan: Plan) -> Plan:
        """The plan after the edit.

        Raises:
            PlanError: A path does not exist in the plan.
        """
        for change in self.changes:
            plan = with_value(plan, change.path, change.new)
        return plan

    def revert(self, plan: Plan) -> Plan:
        """The plan before the edit.

        Raises:
            PlanError: A path does not exist in the plan.
        """
        for change in reversed(self.changes):
            plan = with_value(plan, change.path, change.old)
        return plan

    def merged_with(self, later: Edit) -> Edit | None:
        """Both edits as one step, or None where they change different inputs."""
        if later.merge_key != self.merge_key:
            return None
        pairs = zip(self.changes, later.changes, strict=True)
        return Edit(later.label, tuple(Change(first.path, first.old, last.new) for first, last in pairs))


def change(plan: Plan, path: str, value: Any, label: Said = NOTHING) -> Edit:
    """The edit that sets one input.

    Args:
        plan: The plan as it is.
        path: Of the input, for example "runs.0.data.tokens".
        value: Of the type that the schema has there.
        label: For the menu; nothing makes one from the field's name and the value.

    Raises:
        PlanError: The path does not exist, or the value is not allowed there.
    """
    return change_together(plan, {path: value}, label)


def change_together(plan: Plan, values: Mapping[str, Any], label: Said = NOTHING) -> Edit:
    """The edit that sets several inputs at once; the first one names it.

    Raises:
        PlanError: A path does not exist, or a value is not allowed there.
    """
    changes = tuple(Change(path, value_at(plan, path), value) for path, value in values.items())
    checked(Edit(label, changes).apply(plan))
    first = changes[0]
    return Edit(
        label
        or say(
            "Change {field} to {value}",
            field=field_name(first.path),
            value=value_said(first.path, first.new),
        ),
        changes,
    )


def value_at(plan: Plan, path: str) -> Any:
    """The value of an input.

    Raises:
        PlanError: The path does not exist.
    """
    value: Any = plan
    for part in path.split("."):
        value = _part(value, part, path)
    return value


def with_value(plan: Plan, path: str, value: Any) -> Plan:
    """The plan with another value at a path; its type is not checked.

    Raises:
        PlanError: The path does not exist.
    """
    replaced: Plan = _replaced(plan, path.split("."), value, path)
    return replaced


def checked(plan: Plan) -> Plan:
    """The same plan, if every value is of the right kind.

    Raises:
        PlanError: A value is not; the sentence names the field.
    """
    return plan_of(msgspec.to_builtins(plan))


def _part(value: Any, part: str, path: str) -> Any:
    if isinstance(value, tuple) and part.isdigit() and int(part) < len(value):
        return value[int(part)]
    if isinstance(value, msgspec.Struct) and part in value.__struct_fields__:
        return getattr(value, part)
    raise PlanError(say("the plan has no input {input}.", input=Name(path)))


def _replaced(value: Any, parts: list[str], new: Any, path: str) -> Any:
    if not parts:
        return new
    inner = _replaced(_part(value, parts[0], path), parts[1:], new, path)
    if isinstance(value, tuple):
        index = int(parts[0])
        return (*value[:index], inner, *value[index + 1 :])
    return msgspec.structs.replace(value, **{parts[0]: inner})
