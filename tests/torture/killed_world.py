"""A project whose command is killed again and again, and what came of it by the endpoint's own log."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from sync.config.state import parse_state
from sync.store.encode import read_lead
from tests.project import Project, environment
from tests.torture.experiment import Tally
from tests.torture.good_endpoint import Sent
from tests.torture.repeats import not_allowed

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.torture.changing_table import ChangingTable
    from tests.torture.good_endpoint import GoodEndpoint

WINDOW = 8
_KILLABLE = Path(__file__).with_name("killable.py")
#: Seconds that a run may take on a busy machine.
_PATIENCE = 120.0
_SENDING = """
select version.id, version.tries, lead.key, payload.lead from version
join lead on lead.id = version.lead_id join payload on payload.version_id = version.id
where version.state = 'sending'
"""
_SESSIONS = (
    "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
)
#: A first guess at how many commits a run has; the first run that comes to its end tells.
_COMMITS = 24
#: Runs in a row of which none was killed, after which it is given up.
_IN_VAIN = 12


@dataclass
class KilledWorld:
    """One project with its source, its state, and its endpoint."""

    project: Project
    table: ChangingTable
    endpoint: GoodEndpoint
    draws: random.Random
    tally: Tally = field(default_factory=Tally)
    _commits: int = _COMMITS
    #: What was found in the air at a kill: the version and its try, which no kill adds twice.
    _in_air: dict[tuple[int, int], Sent] = field(default_factory=dict)

    def go_on(self, kills: int, kill: Callable[[], None]) -> None:
        """Kill so many times, with changes in between, then let it run to its end."""
        in_vain = 0
        while self.tally.faults < kills and in_vain < _IN_VAIN:
            before = self.tally.faults
            self.change()
            kill()
            in_vain = in_vain + 1 if self.tally.faults == before else 0  # it was through before its kill
        if self.tally.faults < kills:
            self.tally.broken.append(f"only {self.tally.faults} of {kills} kills were made")
        self.finish()

    def change(self) -> None:
        """Let the source change as it does between two runs."""
        self.table.grow(self.draws.randrange(4, 12))
        self.table.change(self.draws.randrange(10, 30))

    def kill_at_a_commit(self) -> None:
        """Run a sync that dies just before or just after one of its commits."""
        moment, number = self.draws.choice(("before", "after")), self.draws.randint(1, self._commits)
        counts = self.project.path("commits")
        python = self.project.command.with_name("python")
        command = [python, "-P", _KILLABLE, counts, moment, str(number), "sync", "-q"]
        with self._started(command) as process:
            process.wait(_PATIENCE)
        if not self._ended(process) and counts.exists():
            self._commits = max(_COMMITS, int(counts.read_text(encoding="utf-8")))

    def kill_in_the_air(self) -> None:
        """Run a sync, and kill it at an instant while leads are in the air."""
        goal = len(self.endpoint.log) + self.draws.randint(1, 20)
        with self._started([self.project.command, "sync", "-q"]) as process:
            while not self.endpoint.wait_for(goal, 0.2) and process.poll() is None:
                pass
            time.sleep(self.draws.random() * 0.01)  # an instant of the kernel's clock, which nobody injects
            process.kill()
            process.wait(_PATIENCE)
        self._ended(process)

    def finish(self) -> None:
        """Let it run until it ends clean; then a person looks at the endpoint and settles what is unknown."""
        for _ in range(5):
            answer = self.project.sync(code=None)
            if answer.code in (0, 1) and not answer.delivery["pending"]:
                break
        self._count()
        self._settle_unknown()

    def _started(self, command: list[str | Path]) -> subprocess.Popen[bytes]:
        self._said = self.project.path("stderr").open("w+b")
        quiet = subprocess.DEVNULL
        where = self.project.directory
        return subprocess.Popen(
            command, cwd=where, env=environment(), stdin=quiet, stdout=quiet, stderr=self._said
        )

    def _ended(self, process: subprocess.Popen[bytes]) -> bool:
        """Note how a run ended; tell whether it was killed."""
        with self._said:
            self._said.seek(0)
            if b"Traceback" in (said := self._said.read()):
                self.tally.broken.append(f"a run said: {said.decode(errors='replace')[-400:]}")
        if process.returncode != -signal.SIGKILL:
            if process.returncode not in (0, 1):
                self.tally.broken.append(f"a run that nobody killed ended with {process.returncode}")
            return False
        self.tally.faults += 1
        self._note_what_was_in_the_air()
        return True

    def _note_what_was_in_the_air(self) -> None:
        sending = self._sending()
        if len(sending) > WINDOW:
            self.tally.broken.append(f"P3: a kill left {len(sending)} leads in the air, of {WINDOW} at most")
        self._in_air.update(sending)
        self._hold_repeats()

    def _hold_repeats(self) -> None:
        """Hold that nothing was repeated but what was in the air, and that no oftener."""
        self.tally.broken += not_allowed(self.endpoint.log, self._allowed())

    def _allowed(self) -> Counter[Sent]:
        return Counter(self._in_air.values()) if self.repeats else Counter()

    def _sending(self) -> dict[tuple[int, int], Sent]:
        """Return what a killed process had claimed, without touching what it left behind."""
        state = parse_state(self.project.state, self.project.directory)
        url = state.url.get_secret_value()
        if state.file is not None:
            url = f"sqlite:///file:{state.file}?mode=ro&uri=true"
        # Each question by itself: within one transaction PostgreSQL shows sessions as they were at the first.
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                if state.file is None:  # what it was just committing is not visible before it is gone
                    while connection.scalar(text(_SESSIONS)):
                        time.sleep(0.01)
                return {(row.id, row.tries): _sent(row) for row in connection.execute(text(_SENDING))}
        except (OperationalError, ProgrammingError):
            return {}  # it was killed before there was a table
        finally:
            engine.dispose()

    @property
    def repeats(self) -> bool:
        """Whether what is unknown is sent again."""
        return self.project.endpoint["unknown_outcome"] == "repeat"

    def _count(self) -> None:
        came = self.endpoint.newest()
        unknown = self._unknown()
        missing = [id_ for id_, version in self.table.newest.items() if came.get(id_) != version]
        tally = self.tally
        tally.leads = len(self.table.newest)
        tally.lost = len([id_ for id_ in missing if id_ not in unknown])
        tally.repeated = self.endpoint.repeated()
        tally.allowed = self._allowed().total()
        self._hold_repeats()
        tally.broken += self.endpoint.backwards()
        if unknown and self.repeats:
            tally.broken.append(f"{len(unknown)} leads are unknown though they are to be repeated")

    def _unknown(self) -> set[str]:
        return {id_.partition(":")[2] for id_ in self.project.reasons("unknown")}

    def _settle_unknown(self) -> None:
        """Do what a person does: look at the endpoint, send what did not arrive, put away what did."""
        if self.repeats:
            return
        came, unknown = self.endpoint.newest(), sorted(self._unknown())
        there = [id_ for id_ in unknown if came.get(id_) == self.table.newest[id_]]
        for verb, ids in (("discard", there), ("retry", [id_ for id_ in unknown if id_ not in there])):
            if ids:
                self.project.call(verb, *ids, "--yes")
        self.project.sync()
        self.tally.repeated = self.endpoint.repeated()
        self._hold_repeats()
        if self.endpoint.newest() != self.table.newest:
            self.tally.broken.append("P8: after all unknown leads were settled by hand, some are missing")


def _sent(row: Any) -> Sent:
    """Return what the endpoint's log says of a claimed version when it comes in."""
    return Sent(row.key, int(read_lead(row.lead).custom["plan"]))
