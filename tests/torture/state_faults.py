"""A state store that fails: full, read-only, gone and back, damaged, old, new. Counted at the endpoint.

Each fault strikes a poll and a delivery at work side by side. Then the store is well again, in the same
process or in a new one, and everything has to arrive: once, but for what was in the air.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from sync.store.errors import LeaseLost, StoreError
from sync.store.store import open_store
from tests.scripted_source import Killed, at
from tests.torture import damage
from tests.torture.disks import clear, disks
from tests.torture.experiment import Experiment, Tally
from tests.torture.old_store import set_revision, written_by_the_first_version
from tests.torture.restarting_postgres import restarting_postgres
from tests.torture.town import Town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.torture.disks import Disk
    from tests.torture.restarting_postgres import RestartingPostgres

LEADS = 9
#: What is said of a store that can't be used; each says what to do.
_SAID = ("the disk is full", "reading or writing it failed", "it is read-only", "it can't be opened")
_DAMAGED = ("it is damaged", "another program", "it is no SQLite database", *_SAID)
_BEARS = (Killed, StoreError)


class Trial:
    """One town whose store is struck once."""

    def __init__(self, url: str, tally: Tally) -> None:
        self.town = Town(url, hold=False)
        self.tally = tally
        self._write(0, LEADS // 2)
        try:
            self.town.together(self.town.first.poll())
        except StoreError:
            self.close()
            raise
        self._write(LEADS // 2, LEADS)

    def _write(self, begin: int, end: int) -> None:
        for number in range(begin, end):
            self.town.write(f"{number:03}", f"Ada {number}", at(number))

    def work(self) -> list[StoreError]:
        """Poll and deliver, and deliver what was polled; returns what the store was found to be."""
        first = self.town.first
        found = self.town.together(first.poll(), first.deliver(), bears=_BEARS)
        found += self.town.together(first.deliver(), bears=_BEARS)
        return [each for each in found if isinstance(each, StoreError)]

    def finish(self) -> None:
        """Work on a store that is well until everything has arrived, and count."""
        town = self.town
        for _ in range(6):
            town.together(town.first.poll())
            town.together(town.first.deliver())
            town.time.jumped += 600.0
        accounts = town.accounts.leads
        self.tally.leads += len(accounts)
        self.tally.repeated += sum(each.repeated for each in accounts.values())
        self.tally.allowed += sum(each.allowed for each in accounts.values())
        lost = [key for key, row in town.table.rows.items() if accounts[key].has != row.fields["name"]]
        self.tally.lost += len(lost)
        assert not lost, f"lost: {lost}; {town.stands()}; {town.versions()}"
        broken = {each.broken for each in accounts.values()} - {""}
        assert not broken, broken

    def close(self) -> None:
        """Give everything back."""
        self.town.close()


def _writes(url: str) -> int:
    """Return how many transactions the work takes on a store that is well."""
    trial = Trial(url, Tally())
    trial.work()
    written = trial.town.first.store.written
    trial.close()
    return written


def a_full_disk_at_each_write(disk: Disk, tally: Tally, step: int) -> None:
    """Fill the disk at every so manyth write in turn; it stays full until the process gives up."""
    writes = _writes(f"sqlite:///{disk.directory}/once.db")
    for number in range(1, writes + 1, step):
        for restarts in (True, False):
            trial = Trial(f"sqlite:///{disk.directory}/{number}-{restarts}.db", tally)
            first = trial.town.first

            def fill(now: int, number: int = number, begun: int = first.store.written) -> None:
                if now == begun + number:
                    disk.fill()

            first.store.before_write = fill
            try:
                said = trial.work()
            finally:
                disk.free()
            first.store.before_write = lambda _number: None
            tally.faults += bool(said)
            _hold(said, _SAID)
            if restarts:
                trial.town.kill(first)
                trial.town.together()
            trial.finish()
            trial.close()
            clear(disk)


def _hold(said: list[StoreError], wanted: tuple[str, ...]) -> None:
    for error in said:
        assert any(words in str(error) for words in wanted), f"it is not said what to do: {error}"


def a_commit_whose_answer_is_lost(new_url: Callable[[], str], tally: Tally, step: int) -> None:
    """Lose the session at every so manyth commit, after the server has made it; the process goes on."""
    writes = _writes(new_url())
    for number in range(1, writes + 1, step):
        trial = Trial(new_url(), tally)
        store = trial.town.first.store

        def lose(now: int, number: int = number, store: Any = store, begun: int = store.written) -> None:
            if now == begun + number:
                store.lose_session()
                raise LeaseLost("the connection to the state store was lost")

        store.after_write = lose
        trial.work()
        store.after_write = lambda _number: None
        tally.faults += 1
        trial.finish()
        trial.close()


def a_server_that_goes_away_and_comes_back(
    server: RestartingPostgres, new_url: Callable[[], str], tally: Tally, chance: random.Random
) -> None:
    """Restart PostgreSQL, in order or as after a crash, before some write; the process goes on."""
    trial = Trial(new_url(), tally)
    store = trial.town.first.store
    strikes = store.written + chance.randrange(1, 14)

    def restart(number: int) -> None:
        if number == strikes:
            server.stop(at_once=chance.random() < 0.5)
            server.start()
            tally.faults += 1

    store.before_write = restart
    said = trial.work()
    store.before_write = lambda _number: None
    assert all("made-up" not in str(each) for each in said), "a password was said"
    trial.finish()
    trial.close()


def a_damaged_file(directory: Path, tally: Tally, chance: random.Random) -> None:
    """Damage a file that was used, and hold that nothing is sent from it but what waited."""
    file = _used(directory)
    for number in range(6):
        for how in damage.DAMAGES:
            copy = damage.copied(file, directory / f"{how.__name__}-{number}")
            how(copy, chance)
            tally.faults += 1
            _try(copy, tally, sound=damage.is_sound(copy))


def _used(directory: Path) -> Path:
    """Make a state file in which everything was sent."""
    file = directory / "used.db"
    trial = Trial(f"sqlite:///{file}", Tally())
    trial.finish()
    trial.close()
    return file


def _try(file: Path, tally: Tally, *, sound: bool) -> None:
    """Open a file and work on it; where it can't be used that has to be said, and nothing be sent again."""
    tally.leads += LEADS
    try:
        trial = Trial(f"sqlite:///{file}", tally)
    except StoreError as error:
        _hold([error], () if sound else _DAMAGED)  # a sound file is to be used
        return
    said = trial.work()
    tally.repeated += len(trial.town.endpoint.log)
    assert not trial.town.endpoint.log, f"sent again from a damaged file ({file.parent.name}): {said}"
    _hold(said, _DAMAGED)
    trial.close()


def a_file_that_may_only_be_read(directory: Path, tally: Tally) -> None:
    """Take away the right to write before a file is opened."""
    place = directory / "locked"
    file = damage.copied(_used(directory), place)
    with damage.read_only(place):
        tally.faults += 1
        _hold([_refused(file)], _SAID)
    _try(file, tally, sound=True)


def _refused(file: Path) -> StoreError:
    """Return why a file can't be opened."""
    try:
        open_store(f"sqlite:///{file}").close()
    except StoreError as error:
        return error
    raise AssertionError("a file was opened that should have been refused")


def a_file_of_another_version(directory: Path, tally: Tally) -> None:
    """Open a file of the first version, which goes on, and one of a newer program, which is refused."""
    today, old = directory / "today.db", directory / "old.db"
    trial = Trial(f"sqlite:///{today}", tally)
    trial.town.together(trial.town.first.poll())
    trial.close()
    written_by_the_first_version(today, old)
    tally.faults += 2
    trial = Trial(f"sqlite:///{old}", tally)
    assert len(trial.town.stands()) == LEADS, "what the old version knew is not there"
    trial.finish()
    trial.close()
    set_revision(old, "9999")
    _hold([_refused(old)], ("from a newer leadrelay",))


def run(seed: int, faults: int, directory: Path) -> Tally:
    """Let the store fail in every way until so many faults were made."""
    tally, chance = Tally(), random.Random(seed)
    try:
        _strike(tally, chance, faults, directory)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a promise that was broken
        tally.broken.append(f"{type(error).__name__}: {error} (seed {seed})")
    return tally


def _strike(tally: Tally, chance: random.Random, faults: int, directory: Path) -> None:
    is_small = faults < _MANY
    for number, case in enumerate((a_file_that_may_only_be_read, a_file_of_another_version)):
        place = directory / f"file-{number}"
        place.mkdir()
        case(place, tally)
    with disks(directory) as found:
        for disk in found:
            a_full_disk_at_each_write(disk, tally, step=_SELDOM if is_small else 1)
    with restarting_postgres() as server:
        new_url = _databases(server)
        a_commit_whose_answer_is_lost(new_url, tally, step=_SELDOM if is_small else 1)
        for _ in range(2 if is_small else 20):
            a_server_that_goes_away_and_comes_back(server, new_url, tally, chance)
    rounds = 0
    while tally.faults < faults or not rounds:
        rounds += 1
        place = directory / f"damaged-{rounds}"
        place.mkdir()
        a_damaged_file(place, tally, chance)


def _databases(server: RestartingPostgres) -> Callable[[], str]:
    numbers = iter(range(1_000_000))

    def make() -> str:
        number = next(numbers)
        server.execute(f"CREATE DATABASE trial_{number}")
        return server.url(f"trial_{number}")

    return make


#: From so many faults on every write is struck, and else one of so many.
_MANY, _SELDOM = 150, 10

EXPERIMENT = Experiment(
    name="state_faults",
    promises=("P1", "P2", "P3", "P12"),
    how="a full disk at each write, lost sessions and commits, PostgreSQL restarted, damaged and old files",
    run=run,
    whole=600,
    small=40,
)
