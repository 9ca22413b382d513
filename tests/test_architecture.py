"""What the code promises about its own shape: who imports whom, how big a file gets, what is offered."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = sorted(path for top in ("sources", "sync") for path in (ROOT / top).rglob("*.py"))
MOST_LINES = 400
#: What engine.py may not know: it speaks to protocols, and tells what happened as events.
FOREIGN_TO_THE_ENGINE = {"sqlalchemy", "sqlite3", "psycopg", "pymysql", "httpx", "httptools", "logging"}
#: What costs start-up time and `--help` does not need.
HEAVY = {
    "aiohappyeyeballs",
    "alembic",
    "apscheduler",
    "httptools",
    "httpx",
    "jinja2",
    "minijinja",
    "phonenumbers",
    "psycopg",
    "python_calamine",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "uvloop",
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> set[str]:
    """Return the full names of the modules that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def _run_python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def _loaded_after(code: str) -> set[str]:
    """Return the top-level modules that are loaded once this code has run in a fresh interpreter."""
    done = _run_python(f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)")
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_imports_go_one_way() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_of_sync_in_sources() -> None:
    files = [path for path in PRODUCTION if _name(path).startswith("sources/")]
    guilty = [_name(path) for path in files if "sync" in {name.split(".")[0] for name in _imports(path)}]
    assert guilty == []


def test_engine_names_no_driver_no_client_and_no_log() -> None:
    files = [path for path in PRODUCTION if _name(path).startswith(("sync/engine.py", "sync/engine/"))]
    assert files, "there is no sync/engine.py"
    for path in files:
        assert {name.split(".")[0] for name in _imports(path)} & FOREIGN_TO_THE_ENGINE == set(), _name(path)


def test_engine_loads_no_driver_and_no_client_through_others_either() -> None:
    loaded = _loaded_after("import sync.engine")
    # asyncio itself loads logging: that one is held by the test above alone
    assert loaded & (FOREIGN_TO_THE_ENGINE - {"logging"}) == set()


def test_help_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "sys.argv = ['leadrelay', '--help']\n"
        "from sync.cli import main\n"
        "try: main()\n"
        "except SystemExit as stop: assert not stop.code, stop.code"
    )
    assert _loaded_after(code) & HEAVY == set()


def test_importing_the_contract_loads_nothing_heavy() -> None:
    assert _loaded_after("import sources, sources.errors, sources.registry") & HEAVY == set()


def test_a_sheet_on_this_machine_loads_no_store() -> None:
    stores = {"aiohttp", "azure", "botocore", "fsspec", "google", "paramiko"}
    assert _loaded_after("import sources.spreadsheet, sources._sheets.locate") & stores == set()


def test_one_idea_per_file() -> None:
    lines = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PRODUCTION}
    assert {name: number for name, number in lines.items() if number > MOST_LINES} == {}


def _modules_with_all(package: str) -> list[str]:
    files = (path for path in PRODUCTION if _name(path).startswith(f"{package}/"))
    named = (path for path in files if "\n__all__ = " in path.read_text(encoding="utf-8"))
    return [_name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in named]


def test_what_a_module_offers_is_there_and_in_order() -> None:
    for name in _modules_with_all("sources") + _modules_with_all("sync"):
        module = importlib.import_module(name)
        assert [wanted for wanted in module.__all__ if not hasattr(module, wanted)] == [], name
        assert list(module.__all__) == sorted(module.__all__), name


def test_sources_offers_the_whole_contract_and_nothing_else() -> None:
    sources = importlib.import_module("sources")
    base = importlib.import_module("sources.base")
    errors = importlib.import_module("sources.errors")
    raised = {name for name, value in vars(errors).items() if _is_error_of(value, "sources.errors")}
    assert set(sources.__all__) == set(base.__all__) | raised


def _is_error_of(value: object, module: str) -> bool:
    return isinstance(value, type) and issubclass(value, Exception) and value.__module__ == module


def test_every_promise_has_a_test_with_its_number() -> None:
    numbers: set[int] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        numbers.update(int(number) for number in re.findall(r"def test_p(\d+)_", path.read_text("utf-8")))
    assert set(range(1, 13)) - numbers == set()
