"""The sandbox of cells against real programs, friendly and hostile."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
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
from orchestration.sandbox.namespace_sandbox import NamespaceSandbox
from orchestration.sandbox.profiles import programs_of
from orchestration.sandbox.tree_memory import children_of
from orchestration.sandbox.values import Items, Pairs, Unsupported


def zygotes_of_this_process() -> list[int]:
    """The inner processes: each is the child of one that only waits for it."""
    waiting = children_of(os.getpid())
    return [inner for outer in waiting for inner in children_of(outer)]


SHORT = RunLimits(wall_s=1.0, memory_mb=256)
SLACK_S = 4.0


def call(
    sandbox: NamespaceSandbox, code: str, *arguments: Any, limits: RunLimits = SHORT, language: Any = "python"
) -> FunctionResult:
    calls = tuple(FunctionCall((argument,)) for argument in arguments or (0,))
    return sandbox.call_function(FunctionRun(textwrap.dedent(code), "f", calls, language, limits))


def value_of(sandbox: NamespaceSandbox, body: str) -> CallResult:
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
    def test_values_come_back_as_they_went(self, sandbox: NamespaceSandbox, value: Any) -> None:
        result = call(sandbox, "def f(x): return [type(x).__name__, repr(x), x]", value)
        returned = result.values[0].value
        assert isinstance(returned, Items)
        assert returned.items[:2] == (type(value).__name__, repr(value))

    def test_containers_are_read_without_being_built(self, sandbox: NamespaceSandbox) -> None:
        assert value_of(sandbox, "return {1: [2, (3,)]}").value == Pairs(
            ((1, Items("list", (2, Items("tuple", (3,))))),)
        )

    def test_nan_and_huge_numbers_cross(self, sandbox: NamespaceSandbox) -> None:
        nan = value_of(sandbox, "return float('nan')").value
        assert isinstance(nan, float)
        assert math.isnan(nan)
        assert value_of(sandbox, "return 10 ** 20000").value == 10**20000

    def test_dates_and_decimals_cross(self, sandbox: NamespaceSandbox) -> None:
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
    def test_what_can_not_cross_is_named(self, sandbox: NamespaceSandbox, body: str, name: str) -> None:
        assert value_of(sandbox, body).value == Unsupported(name)

    def test_an_object_equal_to_everything_is_only_an_unsupported_value(self, sandbox: NamespaceSandbox) -> None:
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
    def test_exceptions_come_with_their_bases(self, sandbox: NamespaceSandbox, body: str, exception: str) -> None:
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
    def test_code_that_does_not_load_is_an_exception(self, sandbox: NamespaceSandbox, code: str, name: str) -> None:
        result = call(sandbox, code)
        assert (result.outcome, result.is_loaded, result.values[0].outcome) == ("exception", False, "exception")
        assert result.reason.startswith(name)

    def test_a_function_that_keeps_state_is_seen_to(self, sandbox: NamespaceSandbox) -> None:
        result = call(sandbox, "def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)", 1, 2, 3)
        assert [item.value for item in result.values] == [1, 2, 3]

    def test_one_run_leaves_nothing_to_the_next(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import os, sys, builtins
            def f(x):
                seen = [hasattr(builtins, 'planted'), os.path.exists('planted'), 'planted' in sys.modules]
                builtins.planted = sys.modules['planted'] = 1
                open('planted', 'w').close()
                return seen
        """
        for _ in range(4):
            assert call(sandbox, code).values[0].value == Items("list", (False, False, False))

    def test_coroutines_are_awaited(self, sandbox: NamespaceSandbox) -> None:
        assert call(sandbox, "async def f(x): return x", 7).values[0].value == 7

    def test_printing_a_result_does_not_make_it_one(self, sandbox: NamespaceSandbox) -> None:
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

    def test_a_frame_for_another_call_spoils_the_run(self, sandbox: NamespaceSandbox) -> None:
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
            ("import ctypes; ctypes.string_at(0)", "killed"),
            ("import os; os.abort()", "killed"),
        ],
    )
    def test_what_was_returned_before_an_early_end_is_kept(
        self, sandbox: NamespaceSandbox, body: str, outcome: str
    ) -> None:
        code = f"def f(x):\n    if x == 1: {body}\n    return x"
        result = call(sandbox, code, 0, 1, 2)
        assert [item.outcome for item in result.values] == ["ok", outcome, outcome]
        assert result.outcome == outcome

    @pytest.mark.parametrize(
        "body", ["return len([0] * (10 * 2 ** 30 // 8))", "return [bytearray(1 << 20) for _ in range(10 * 1024)]"]
    )
    def test_an_allocation_beyond_the_limit_costs_only_its_call(self, sandbox: NamespaceSandbox, body: str) -> None:
        result = call(sandbox, f"def f(x):\n    if x == 1: {body}\n    return x", 0, 1, 2)
        assert [item.outcome for item in result.values] == ["ok", "memory", "ok"]

    def test_an_end_after_the_last_result_costs_that_result(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import os, sys
            def f(x): return x
            sys.stdout.flush = lambda: os._exit(7)
        """
        result = call(sandbox, code, 1, 2)
        assert [item.outcome for item in result.values] == ["ok", "malformed"]

    def test_a_loop_ends_at_its_limit_and_keeps_what_was_done(self, sandbox: NamespaceSandbox) -> None:
        started = time.monotonic()
        result = call(sandbox, "def f(x):\n    print('at', x, flush=True)\n    while x: pass\n    return x", 0, 1, 0)
        assert time.monotonic() - started < SHORT.wall_s + SLACK_S
        assert result.outcome == "timeout"
        assert [item.outcome for item in result.values] == ["ok", "timeout", "timeout"]
        assert result.stdout == "at 0\nat 1\n"

    def test_ignoring_signals_does_not_help(self, sandbox: NamespaceSandbox) -> None:
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

    def test_a_gigabyte_of_output_is_neither_kept_nor_waited_for(self, sandbox: NamespaceSandbox) -> None:
        code = "import os\ndef f(x):\n    for _ in range(1024): os.write(1, b'A' * (1 << 20))\n    return 1"
        started = time.monotonic()
        result = call(sandbox, code, limits=RunLimits(wall_s=30))
        assert time.monotonic() - started < 10
        assert result.outcome == "output"
        assert len(result.stdout) == 64 * 1024

    def test_a_giant_result_is_output(self, sandbox: NamespaceSandbox) -> None:
        assert call(sandbox, "def f(x): return 'x' * (3 << 20)", limits=RunLimits()).outcome == "output"

    def test_a_fork_bomb_is_bounded_and_ends_with_its_run(self, sandbox: NamespaceSandbox) -> None:
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

    @pytest.mark.parametrize("has_group", [True, False])
    def test_the_memory_of_all_processes_together_is_bounded(
        self, monkeypatch: pytest.MonkeyPatch, *, has_group: bool
    ) -> None:
        """Where this user may make no control group, both ways are that of the watcher."""
        code = """
            import os, time
            def f(x):
                for _ in range(10):
                    if os.fork() == 0:
                        kept = []
                        while len(kept) < 20: kept.append(b'x' * (16 << 20))
                        time.sleep(9)
                        os._exit(0)
                time.sleep(9)
        """
        if not has_group:
            monkeypatch.setattr("orchestration.sandbox.zygote.make_group", lambda _slot: None)
        with NamespaceSandbox() as opened:
            result = call(opened, code, limits=RunLimits(wall_s=10, memory_mb=512))
        assert (result.outcome, result.reason) == ("memory", "stopped: memory")
        assert result.peak_memory_kb is not None
        assert result.peak_memory_kb < 1_500_000

    def test_pages_that_processes_share_count_once(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import os, time
            def f(x):
                held = b'x' * (200 << 20)
                for _ in range(6):
                    if os.fork() == 0:
                        time.sleep(0.3)
                        os._exit(0)
                for _ in range(6): os.wait()
                return len(held) >> 20
        """
        assert call(sandbox, code, limits=RunLimits(wall_s=5, memory_mb=512)).values[0].value == 200

    def test_nothing_outlives_its_run(self, sandbox: NamespaceSandbox, tmp_path: Path) -> None:
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

    def test_javascript_functions_are_called_too(self, sandbox: NamespaceSandbox) -> None:
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
        assert (first.pairs[0], second.pairs[0]) == (("seen", 1), ("seen", 2))
        assert first.pairs[2] == ("map", Pairs(((Items("list", (1,)), 10**20),)))
        assert result.values[2].exception == ("RangeError", "Error")


class TestIsolation:
    def test_environment_and_secrets_are_not_visible(
        self, sandbox: NamespaceSandbox, monkeypatch: pytest.MonkeyPatch
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

    def test_no_listener_of_this_machine_hears_anything(self, sandbox: NamespaceSandbox) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            port = server.getsockname()[1]
            code = f"import socket\ndef f(x): socket.create_connection(('127.0.0.1', {port}), 1); return 1"
            assert call(sandbox, code).values[0].outcome == "exception"
            with pytest.raises(TimeoutError):
                server.accept()

    def test_paths_of_the_host_are_not_in_the_results(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import os, json, traceback
            def f(x):
                try: json.loads('{')
                except ValueError: traceback.print_exc()
                open(os.path.join(os.getcwd(), 'absent'))
        """
        result = call(sandbox, code)
        shown = result.stderr + result.values[0].message
        assert "/tmp/absent" in shown
        assert str(Path(os.__file__).parent) not in shown

    def test_control_characters_are_escaped(self, sandbox: NamespaceSandbox) -> None:
        result = sandbox.run_program(ProgramRun("printf 'a\\033[31m\\000\\377\\tb\\n'", "bash"))
        assert result.stdout == "a\\x1b[31m\\x00\\xff\tb\n"

    def test_a_folder_is_fresh_and_bounded(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import os
            def f(x):
                found, written, made = os.listdir('.'), 0, 0
                try:
                    while written < 200:
                        with open(f'big{written}', 'wb') as file: file.write(bytes(1 << 20))
                        written += 1
                except OSError: pass
                for name in os.listdir('.'): os.unlink(name)
                try:
                    while made < 5000:
                        os.mkdir(f'd{made}')
                        made += 1
                except OSError: pass
                return [found, written, made]
        """
        value = call(sandbox, code, limits=RunLimits()).values[0].value
        assert isinstance(value, Items)
        assert value.items[0] == Items("list", ())
        assert isinstance(value.items[1], int)
        assert isinstance(value.items[2], int)
        assert value.items[1] <= 64
        assert value.items[2] < 2048

    def test_no_descriptor_or_thread_is_left(self, sandbox: NamespaceSandbox) -> None:
        call(sandbox, "def f(x): return x")
        before, threads = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
        for _ in range(10):
            call(sandbox, "def f(x): return x")
        assert len(list(Path("/proc/self/fd").iterdir())) == before
        assert threading.active_count() == threads

    def test_threads_may_share_it(self, sandbox: NamespaceSandbox) -> None:
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda n: call(sandbox, "def f(x): return x * 2", n), range(40)))
        assert [result.values[0].value for result in results] == [2 * n for n in range(40)]


class TestInfrastructure:
    def test_without_a_python_that_runs_nothing_is_graded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", "/no/such/python")
        with NamespaceSandbox() as without_python:
            result = call(without_python, "def f(x): return x")
        assert (result.outcome, result.values[0].outcome) == ("refused", "refused")
        assert "/no/such/python does not run" in result.reason

    def test_a_missing_node_is_infrastructure_with_its_reason(
        self, sandbox: NamespaceSandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "/no/such/folder")
        programs_of.cache_clear()
        assert call(sandbox, "function f() {}", language="javascript").reason == "node is not installed"
        assert sandbox.run_program(ProgramRun("1", "javascript")).outcome == "infrastructure"
        programs_of.cache_clear()

    def test_a_zygote_that_died_is_replaced(self, sandbox: NamespaceSandbox) -> None:
        assert call(sandbox, "def f(x): return x", 1).outcome == "ok"
        for pid in zygotes_of_this_process():
            os.kill(pid, signal.SIGKILL)
        assert call(sandbox, "def f(x): return x", 2).values[0].value == 2

    def test_a_zygote_that_dies_under_a_run_is_no_excuse(self, sandbox: NamespaceSandbox) -> None:
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(call, sandbox, "import time\ndef f(x): time.sleep(20)", limits=RunLimits(wall_s=30))
            time.sleep(0.5)
            for pid in zygotes_of_this_process():
                os.kill(pid, signal.SIGKILL)
            assert running.result(10).outcome == "killed"

    def test_closing_ends_what_runs(self) -> None:
        opened = NamespaceSandbox()
        assert opened.level == "A"
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(call, opened, "def f(x):\n    while True: pass", limits=RunLimits(wall_s=60))
            time.sleep(0.3)
            started = time.monotonic()
            opened.close()
            assert running.result(10).outcome == "killed"
            assert time.monotonic() - started < 3
        assert call(opened, "def f(x): return x").outcome == "infrastructure"

    def test_a_candidate_can_not_look_like_infrastructure(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import os
            for fd in range(3, 20):
                try: os.ftruncate(fd, 0); os.close(fd)
                except OSError: pass
            os._exit(1)
            def f(x): return x
        """
        assert call(sandbox, code).outcome not in {"ok", "infrastructure"}

    def test_what_can_not_be_meant_is_the_callers_mistake(self, sandbox: NamespaceSandbox) -> None:
        with pytest.raises(TypeError, match="object"):
            call(sandbox, "def f(x): return x", object())
        with pytest.raises(ValueError, match="inside the folder"):
            sandbox.run_program(ProgramRun("", "bash", files={"../x": ""}))


def test_a_trivial_call_is_quick(sandbox: NamespaceSandbox) -> None:
    times = []
    for _ in range(15):
        started = time.perf_counter()
        call(sandbox, "def f(x): return x")
        times.append(time.perf_counter() - started)
    assert min(times) < 0.06
