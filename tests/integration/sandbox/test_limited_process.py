"""The limited-process sandbox against real processes, friendly and hostile."""

from __future__ import annotations

import math
import os
import socket
import subprocess
import tempfile
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from orchestration.sandbox.interface import (
    CallResult,
    FunctionCall,
    FunctionResult,
    FunctionRun,
    ProgramRun,
    RunLimits,
)
from orchestration.sandbox.limited_process import LimitedProcessSandbox
from orchestration.sandbox.values import Items, Pairs, Unsupported

SHORT = RunLimits(wall_s=1.0, memory_mb=256)
SLACK_S = 4.0


def call(
    sandbox: LimitedProcessSandbox, code: str, *arguments: Any, limits: RunLimits = SHORT, language: Any = "python"
) -> FunctionResult:
    calls = tuple(FunctionCall((argument,)) for argument in arguments or (0,))
    return sandbox.call_function(FunctionRun(textwrap.dedent(code), "f", calls, language, limits))


def value_of(sandbox: LimitedProcessSandbox, body: str) -> CallResult:
    return call(sandbox, f"def f(x):\n{textwrap.indent(textwrap.dedent(body), '    ')}", 0).values[0]


class TestFunctions:
    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            "é\x00\ud800",
            b"\x00\xff",
            1.5,
            math.inf,
            -(2**70),
            [1, (2, [3])],
            {1: {"a": (1,)}, (1, 2): None},
            {1, 2},
            frozenset({3}),
        ],
    )
    def test_values_come_back_as_they_went(self, sandbox: LimitedProcessSandbox, value: Any) -> None:
        result = call(sandbox, "def f(x): return [type(x).__name__, repr(x), x]", value)
        returned = result.values[0].value
        assert isinstance(returned, Items)
        assert returned.items[:2] == (type(value).__name__, repr(value))

    def test_containers_are_read_without_being_built(self, sandbox: LimitedProcessSandbox) -> None:
        assert value_of(sandbox, "return {1: [2, (3,)]}").value == Pairs(
            ((1, Items("list", (2, Items("tuple", (3,))))),)
        )

    def test_nan_and_huge_numbers_cross(self, sandbox: LimitedProcessSandbox) -> None:
        nan = value_of(sandbox, "return float('nan')").value
        assert isinstance(nan, float)
        assert math.isnan(nan)
        assert value_of(sandbox, "return 10 ** 20000").value == 10**20000

    def test_dates_and_decimals_cross(self, sandbox: LimitedProcessSandbox) -> None:
        body = "import datetime, decimal\nreturn str([datetime.date(2024, 2, 29), decimal.Decimal('1.10')])"
        assert value_of(sandbox, body).outcome == "ok"
        assert str(value_of(sandbox, "from decimal import Decimal\nreturn Decimal('1.10')").value) == "1.10"

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ("return object()", "object"),
            ("return (i for i in [1])", "generator"),
            ("a = []; a.append(a); return a", "nesting too deep"),
            ("return [0] * 300000", "too many items"),
        ],
    )
    def test_what_can_not_cross_is_named(self, sandbox: LimitedProcessSandbox, body: str, name: str) -> None:
        assert value_of(sandbox, body).value == Unsupported(name)

    def test_an_object_equal_to_everything_is_only_an_unsupported_value(self, sandbox: LimitedProcessSandbox) -> None:
        code = "class X:\n    def __eq__(self, o): return True\n    __hash__ = None\ndef f(x): return X()"
        assert call(sandbox, code).values[0].value == Unsupported("X")

    @pytest.mark.parametrize(
        ("body", "exception"),
        [
            ("raise ValueError('no')", "ValueError"),
            ("import json; json.loads('{')", "ValueError"),
            ("raise SystemExit(0)", "SystemExit"),
            ("import sys; sys.exit(0)", "SystemExit"),
            ("return f(x)", "RecursionError"),
        ],
    )
    def test_exceptions_come_with_their_bases(self, sandbox: LimitedProcessSandbox, body: str, exception: str) -> None:
        result = value_of(sandbox, body)
        assert result.outcome == "exception"
        assert exception in result.exception

    @pytest.mark.parametrize(
        ("code", "name"),
        [
            ("def f(x) return 1", "SyntaxError"),
            ("import no_such_module", "ModuleNotFoundError"),
            ("def g(x): return 1", "NameError"),
            ("import sys; sys.exit(0)", "SystemExit"),
            ("import numpy", "ModuleNotFoundError"),
            ("import orchestration", "ModuleNotFoundError"),
        ],
    )
    def test_code_that_does_not_load_is_an_exception(
        self, sandbox: LimitedProcessSandbox, code: str, name: str
    ) -> None:
        result = call(sandbox, code)
        assert (result.outcome, result.is_loaded, result.values[0].outcome) == ("exception", False, "exception")
        assert result.reason.startswith(name)

    def test_each_call_starts_from_the_loaded_state(self, sandbox: LimitedProcessSandbox) -> None:
        result = call(sandbox, "seen = []\ndef f(x):\n    seen.append(x)\n    return len(seen)", 1, 2, 3)
        assert [item.value for item in result.values] == [1, 1, 1]

    def test_coroutines_are_awaited(self, sandbox: LimitedProcessSandbox) -> None:
        assert call(sandbox, "async def f(x): return x", 7).values[0].value == 7

    def test_printing_a_result_does_not_make_it_one(self, sandbox: LimitedProcessSandbox) -> None:
        code = """
            import os
            def f(x):
                print('["value",0,42]', flush=True)
                os._exit(0)
        """
        result = call(sandbox, code)
        assert result.outcome == "malformed"
        assert result.values[0].outcome == "malformed"
        assert "42" in result.stdout

    def test_a_frame_for_another_call_spoils_the_run(self, sandbox: LimitedProcessSandbox) -> None:
        code = """
            import os
            def f(x):
                for fd in range(3, 20):
                    try: os.write(fd, b'["value",1,42]\\n["value",0,42]\\n["done",2]\\n')
                    except OSError: pass
                return 0
        """
        result = call(sandbox, code, 0, 0)
        assert result.outcome == "malformed"
        assert {item.value for item in result.values} == {None}

    @pytest.mark.parametrize(
        ("body", "outcome"),
        [
            ("import os; os._exit(0)", "malformed"),
            ("import os; os._exit(3)", "malformed"),
            ("import os; os.kill(os.getpid(), 11)", "killed"),
            ("return len([0] * (10 * 2 ** 30 // 8))", "memory"),
            ("return [bytearray(1 << 20) for _ in range(10 * 1024)]", "memory"),
        ],
    )
    def test_an_end_costs_only_the_call_that_met_it(
        self, sandbox: LimitedProcessSandbox, body: str, outcome: str
    ) -> None:
        code = f"def f(x):\n    if x == 1: {body}\n    return x"
        result = call(sandbox, code, 0, 1, 2)
        assert [item.outcome for item in result.values] == ["ok", outcome, "ok"]
        assert result.outcome == outcome

    def test_a_loop_ends_at_its_limit_and_keeps_what_was_done(self, sandbox: LimitedProcessSandbox) -> None:
        started = time.monotonic()
        result = call(sandbox, "def f(x):\n    print('at', x, flush=True)\n    while x: pass\n    return x", 0, 1, 0)
        assert time.monotonic() - started < SHORT.wall_s + SLACK_S
        assert result.outcome == "timeout"
        assert [item.outcome for item in result.values] == ["ok", "timeout", "timeout"]
        assert result.stdout == "at 0\nat 1\n"

    def test_ignoring_signals_does_not_help(self, sandbox: LimitedProcessSandbox) -> None:
        code = """
            import signal
            for number in range(1, 64):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            def f(x):
                while True:
                    try:
                        while True: pass
                    except BaseException: pass
        """
        assert call(sandbox, code).outcome == "timeout"

    def test_a_gigabyte_of_output_is_neither_kept_nor_waited_for(self, sandbox: LimitedProcessSandbox) -> None:
        code = "import os\ndef f(x):\n    for _ in range(1024): os.write(1, b'A' * (1 << 20))\n    return 1"
        started = time.monotonic()
        result = call(sandbox, code, limits=RunLimits(wall_s=30))
        assert time.monotonic() - started < 10
        assert result.outcome == "output"
        assert len(result.stdout) == 64 * 1024

    def test_a_giant_result_is_output(self, sandbox: LimitedProcessSandbox) -> None:
        assert call(sandbox, "def f(x): return 'x' * (3 << 20)", limits=RunLimits()).outcome == "output"

    def test_a_fork_bomb_is_bounded_and_ends_with_its_run(self, sandbox: LimitedProcessSandbox) -> None:
        """The bomb itself stops at 600 processes: a sandbox that fails this test must not take the machine with it."""
        code = """
            import os, time
            def f(x):
                for count in range(600):
                    try: child = os.fork()
                    except OSError: break
                    if child == 0:
                        time.sleep(20)
                        os._exit(0)
                    os.write(1, b'.')
                    time.sleep(0.002)
                while True: pass
        """
        started = time.monotonic()
        result = call(sandbox, code, limits=RunLimits(wall_s=3))
        assert time.monotonic() - started < 3 + SLACK_S
        assert result.outcome in {"timeout", "malformed", "killed"}
        assert len(result.stdout) < 200
        assert call(sandbox, "def f(x): return x", 5).values[0].value == 5

    def test_nothing_outlives_its_run(self, sandbox: LimitedProcessSandbox, tmp_path: Path) -> None:
        tmp_path.chmod(0o777)
        for folder in tmp_path.parents:
            if folder.name.startswith("pytest-"):
                folder.chmod(0o755)
        code = f"""
            import os, time
            def f(x):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        time.sleep(0.6)
                        open({str(tmp_path / "witness")!r}, "w").write("alive")
                    os._exit(0)
                return 1
        """
        assert call(sandbox, code).values[0].value == 1
        time.sleep(0.9)
        assert not (tmp_path / "witness").exists()

    def test_javascript_functions_are_called_too(self, sandbox: LimitedProcessSandbox) -> None:
        code = """
            let seen = 0;
            const f = async (list) => {
              seen += 1;
              if (!(list instanceof Array)) throw new RangeError("a list");
              return { seen, set: new Set([1.5]), map: new Map([[list, 10n ** 20n]]), none: undefined, nan: NaN };
            };
        """
        result = call(sandbox, code, [1], [2], 3, language="javascript", limits=RunLimits())
        first, second = (item.value for item in result.values[:2])
        assert isinstance(first, Pairs)
        assert isinstance(second, Pairs)
        assert first.pairs[0] == second.pairs[0] == ("seen", 1)
        assert first.pairs[2] == ("map", Pairs(((Items("list", (1,)), 10**20),)))
        assert result.values[2].exception == ("RangeError", "Error")


class TestIsolation:
    @pytest.mark.usefixtures("apart")
    def test_environment_and_secrets_are_not_visible(
        self, sandbox: LimitedProcessSandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AIBAAS_PLANTED_KEY", "hush-4711")
        bystander = subprocess.Popen(["sleep", "30"])
        code = """
            import os
            def f(pid):
                found = [repr(dict(os.environ))]
                for process in (pid, os.getppid(), 'self'):
                    try: found.append(open(f'/proc/{process}/environ').read())
                    except OSError as error: found.append(str(error))
                return found
        """
        result = call(sandbox, code, os.getpid(), bystander.pid)
        bystander.kill()
        bystander.wait()
        assert result.outcome == "ok"
        assert "hush-4711" not in repr(result)
        assert "AIBAAS" not in repr(result)

    @pytest.mark.usefixtures("apart")
    def test_no_listener_of_this_machine_hears_anything(self, sandbox: LimitedProcessSandbox) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            port = server.getsockname()[1]
            code = f"import socket\ndef f(x): socket.create_connection(('127.0.0.1', {port}), 1); return 1"
            assert call(sandbox, code).values[0].outcome == "exception"
            with pytest.raises(TimeoutError):
                server.accept()

    def test_paths_of_the_host_are_not_in_the_results(self, sandbox: LimitedProcessSandbox) -> None:
        code = """
            import os, json, traceback
            def f(x):
                try: json.loads('{')
                except ValueError: traceback.print_exc()
                open(os.path.join(os.getcwd(), 'absent'))
        """
        result = call(sandbox, code)
        shown = result.stderr + result.values[0].message
        assert "./absent" in shown
        assert tempfile.gettempdir() + "/aibaas" not in shown
        assert str(Path(os.__file__).parent) not in shown

    def test_control_characters_are_escaped(self, sandbox: LimitedProcessSandbox) -> None:
        result = sandbox.run_program(ProgramRun("printf 'a\\033[31m\\000\\377\\tb\\n'", "bash"))
        assert result.stdout == "a\\x1b[31m\\x00\\xff\tb\n"

    def test_scratch_folders_are_removed_whatever_is_in_them(
        self, sandbox: LimitedProcessSandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code = """
            import os
            def f(x):
                os.makedirs('shut/in'); os.chmod('shut', 0)
                for _ in range(1500):
                    os.mkdir('d'); os.chdir('d')
                return 1
        """
        with tempfile.TemporaryDirectory() as place:
            Path(place).chmod(0o755)
            monkeypatch.setattr(tempfile, "tempdir", place)
            assert call(sandbox, code, limits=RunLimits()).values[0].value == 1
            assert list(Path(place).iterdir()) == []
            monkeypatch.undo()

    def test_no_descriptor_or_thread_is_left(self, sandbox: LimitedProcessSandbox) -> None:
        call(sandbox, "def f(x): return x")
        before, threads = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
        for _ in range(10):
            call(sandbox, "def f(x): return x")
        assert len(list(Path("/proc/self/fd").iterdir())) == before
        assert threading.active_count() == threads

    def test_threads_may_share_it(self, sandbox: LimitedProcessSandbox) -> None:
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda n: call(sandbox, "def f(x): return x * 2", n), range(40)))
        assert [result.values[0].value for result in results] == [2 * n for n in range(40)]


class TestInfrastructure:
    def test_a_missing_interpreter_is_infrastructure(self) -> None:
        result = call(LimitedProcessSandbox(python=Path("/no/such/python")), "def f(x): return x")
        assert (result.outcome, result.values[0].outcome) == ("infrastructure", "infrastructure")
        assert "/no/such" not in result.reason

    def test_a_missing_node_is_infrastructure_with_its_reason(self) -> None:
        sandbox = LimitedProcessSandbox(node=Path("/no/such/node"))
        assert call(sandbox, "function f() {}", language="javascript").reason == "node is not installed"
        assert sandbox.run_program(ProgramRun("1", "javascript")).outcome == "infrastructure"

    def test_no_room_for_the_scratch_folder_is_infrastructure(
        self, sandbox: LimitedProcessSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        result = call(sandbox, "def f(x): return x")
        assert result.outcome == "infrastructure"
        assert result.reason.startswith("no scratch folder")

    def test_an_interpreter_that_fails_at_its_start_is_infrastructure(self, tmp_path: Path) -> None:
        broken = tmp_path / "python"
        broken.write_text("#!/bin/sh\necho broken >&2\nexit 1\n")
        broken.chmod(0o755)
        assert "broken" in call(LimitedProcessSandbox(python=broken), "def f(x): return x").reason

    def test_a_candidate_can_not_look_like_infrastructure(self, sandbox: LimitedProcessSandbox) -> None:
        code = """
            import os, signal
            for fd in range(3, 20):
                try: os.ftruncate(fd, 0); os.close(fd)
                except OSError: pass
            os.kill(0, signal.SIGKILL)
            def f(x): return x
        """
        assert call(sandbox, code).outcome not in {"ok", "infrastructure"}

    def test_what_can_not_be_meant_is_the_callers_mistake(self, sandbox: LimitedProcessSandbox) -> None:
        with pytest.raises(TypeError, match="object"):
            call(sandbox, "def f(x): return x", object())
        with pytest.raises(ValueError, match="inside the folder"):
            sandbox.run_program(ProgramRun("", "bash", files={"../x": ""}))


def test_a_trivial_call_is_quick(sandbox: LimitedProcessSandbox) -> None:
    times = []
    for _ in range(15):
        started = time.perf_counter()
        call(sandbox, "def f(x): return x")
        times.append(time.perf_counter() - started)
    assert min(times) < 0.06
