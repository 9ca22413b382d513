"""From pydantic's errors to problems with a place, in plain words, without a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.located_yaml._discretion import discreet
from sync.located_yaml._models import is_secret, keys_at, secret_texts
from sync.located_yaml._problems import ConfigProblem, did_you_mean, dotted
from sync.located_yaml._wording import expected, is_ours, kind, wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from sync.located_yaml._located import Located
    from sync.located_yaml._problems import Mark, Path


def problems_from(
    located: Located,
    error: ValidationError,
    at: Path = (),
    *,
    model: Any = None,
    choices: Iterable[str] = (),
    hidden: Mapping[Path, str] | None = None,
) -> list[ConfigProblem]:
    """Return what a `ValidationError` says, in plain words, each with its place, in reading order.

    See `problems_by_path` for the arguments.
    """
    found = problems_by_path(located, error, at, model=model, choices=choices, hidden=hidden)
    return list(found.values())


def problems_by_path(
    located: Located,
    error: ValidationError,
    at: Path = (),
    *,
    model: Any = None,
    choices: Iterable[str] = (),
    hidden: Mapping[Path, str] | None = None,
) -> dict[Path, ConfigProblem]:
    """Return what a `ValidationError` says by the path from the top of the document.

    Args:
        located: the document.
        error: what pydantic raised.
        at: where in the document the validated data stands.
        model: what it was validated with; says which keys there are and what is secret.
        choices: further keys that may stand at ``at`` besides the model's.
        hidden: values that must not be repeated (those of variables), by their path from the top.

    """
    found: dict[Path, list[ErrorDetails]] = {}
    for details in error.errors(include_url=False):
        found.setdefault(_real_path(located, at, details), []).append(details)
    speaker = _Speaker(located, at, model, tuple(choices), hidden or {})
    order = sorted(found, key=lambda path: _mark(located, path, found[path][0]))
    return {path: speaker.problem(path, found[path]) for path in order}


class _Speaker:
    """Words the errors of one validation."""

    def __init__(
        self, located: Located, at: Path, model: Any, choices: Collection[str], hidden: Mapping[Path, str]
    ) -> None:
        self._located = located
        self._at = at
        self._model = model
        self._choices = choices
        self._hidden = hidden
        self._secrets = {*hidden.values(), *(text for _, text in secret_texts(model, located.value(at)))}

    def problem(self, path: Path, errors: list[ErrorDetails]) -> ConfigProblem:
        """Return all that is wrong at one place as one problem."""
        message = self._message(path, errors)
        if not all(is_ours(error) for error in errors):
            message = discreet(message, self._secrets)
        if errors[0]["type"] == "extra_forbidden":
            message += self._known(path)
        return ConfigProblem(dotted(path), message, _mark(self._located, path, errors[0]))

    def _message(self, path: Path, errors: list[ErrorDetails]) -> str:
        value = self._located.value(path)
        secret = path in self._hidden or is_secret(self._model, path[len(self._at) :])
        written = value if isinstance(value, str) and not secret else None
        wanted = [expected(error) for error in errors]
        if len(errors) > 1 and all(wanted):  # every member of a union wanted something else
            return f"expected {' or '.join(dict.fromkeys(map(str, wanted)))}, found {kind(value)}"
        # Of a union's members, the one that took the type and refused the value is the one meant.
        said = [wording(error, written) for error in errors if len(errors) == 1 or not expected(error)]
        return "; ".join(dict.fromkeys(said))

    def _known(self, path: Path) -> str:
        inner = path[len(self._at) :]
        names = dict.fromkeys(
            [*(self._choices if len(inner) == 1 else ()), *keys_at(self._model, inner[:-1])]
        )
        return f"{did_you_mean(str(path[-1]), names)}; there are: {', '.join(names)}" if names else ""


def _real_path(located: Located, at: Path, details: ErrorDetails) -> Path:
    """Return where in the data an error is; the names of union members in pydantic's are no part of it."""
    path = at
    last = len(details["loc"]) - 1
    for index, part in enumerate(details["loc"]):
        if located.has((*path, part)) or (index == last and details["type"] == "missing"):
            path = (*path, part)
    return path


def _mark(located: Located, path: Path, error: ErrorDetails) -> Mark:
    """Return the place of a value, or of its key where there is no value or it is a whole section."""
    value = located.value(path)
    whole = value is None or isinstance(value, dict)
    # pydantic adds "[key]" to the path of what is wrong with a key.
    about_key = error["type"] == "extra_forbidden" or error["loc"][-1:] == ("[key]",)
    return located.key_mark(path) if whole or about_key else located.mark(path)
