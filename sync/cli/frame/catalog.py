"""The verbs there are: named here, so that a command loads the one it calls and no other."""

from __future__ import annotations

from dataclasses import dataclass

SET_UP, SEE, SEND, MEND, RUN = "Set up", "See", "Send", "Mend", "Run"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, as the list of all verbs shows it."""

    #: Its module is ``sync.cli.NAME``, with underscores for hyphens.
    name: str
    panel: str
    summary: str

    @property
    def module(self) -> str:
        """The module that holds it."""
        return f"sync.cli.{self.function}"

    @property
    def function(self) -> str:
        """The function in that module; a verb with verbs of its own has a Typer ``app`` instead."""
        return self.name.replace("-", "_")


_ALL = (
    Verb("init", SET_UP, "Write a starter connector.yaml, its mappings and .env.example."),
    Verb("suggest", SET_UP, "Draft a mapping for a source, from its columns and what they hold."),
    Verb("auth", SET_UP, "Authorise a source in your browser, and keep what lets it in."),
    Verb("check", SET_UP, "Validate every file, run the examples, try every connection."),
    Verb("sources", SET_UP, "List the source types there are, and each one's settings."),
    Verb("schema", SET_UP, "Print the JSON Schema of connector.yaml or of a mapping, for your editor."),
    Verb("sandbox", SET_UP, "Run a local Hatch, where nobody is texted."),
    Verb("preview", SEE, "Read a few live records and show what each would become."),
    Verb("plan", SEE, "Show what a sync would send, and send nothing."),
    Verb("status", SEE, "Show how every source and the endpoint stand."),
    Verb("trace", SEE, "Show everything that ever happened to one lead."),
    Verb("leads", SEE, "List what is pending, held, invalid, rejected or unknown."),
    Verb("reconcile", SEE, "List what a source holds that the endpoint has not accepted, and why."),
    Verb("sync", SEND, "Poll every source once, then deliver until all is sent."),
    Verb("backfill", SEND, "Send what changed in a span of the past, as a job of its own."),
    Verb("send-again", SEND, "Send what has been accepted once more, on purpose."),
    Verb("retry", MEND, "Send once more what was rejected or never answered; map again what is invalid."),
    Verb("discard", MEND, "Put leads away without sending them."),
    Verb("approve", MEND, "Let go what a guard holds."),
    Verb("state", MEND, "Show, reset or export the positions and the ledger."),
    Verb("run", RUN, "Poll on schedule and deliver until stopped."),
    Verb("pause", RUN, "Stop a source or an endpoint for a while."),
    Verb("resume", RUN, "Start a paused source or endpoint again."),
)
VERBS = {verb.name: verb for verb in _ALL}
PANELS = (SET_UP, SEE, SEND, MEND, RUN)
