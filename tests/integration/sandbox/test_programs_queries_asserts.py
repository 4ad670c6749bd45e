"""Programs, queries and asserts in the limited-process sandbox, friendly and hostile."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pytest

from orchestration.sandbox.interface import AssertsRun, ProgramRun, QueryRun, RunLimits

if TYPE_CHECKING:
    from orchestration.sandbox.namespace_sandbox import NamespaceSandbox

SHORT = RunLimits(wall_s=1.0, memory_mb=256)


class TestPrograms:
    def test_python_sees_its_input_arguments_and_files(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import sys, greeting
            if __name__ == "__main__":
                open("out.txt", "w").write(greeting.word + sys.argv[1] + input())
                print(open("data/in.txt").read(), file=sys.stderr)
                exit(4)
        """
        run = ProgramRun(
            textwrap.dedent(code),
            "python",
            stdin="!\n",
            argv=("wörld",),
            files={"greeting.py": "word = 'hello '", "data/in.txt": "données"},
            wanted_files=("out.txt", "absent.txt", "data"),
        )
        result = sandbox.run_program(run)
        assert (result.outcome, result.exit_code, result.stderr) == ("ok", 4, "données\n")
        assert result.files == {"out.txt": "hello wörld!"}

    def test_an_uncaught_exception_is_reported_as_python_does(self, sandbox: NamespaceSandbox) -> None:
        result = sandbox.run_program(ProgramRun("def g():\n    1 / 0\ng()\n", "python"))
        assert result.exit_code == 1
        assert result.stderr.startswith('Traceback (most recent call last):\n  File "main.py", line 3')
        assert "cell" not in result.stderr

    def test_the_standard_streams_can_be_set_up_anew(self, sandbox: NamespaceSandbox) -> None:
        code = """
import io, sys
sys.stdout.reconfigure(encoding='utf-8', newline='')
sys.stdin.reconfigure(encoding='utf-8')
out = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')
out.write(sys.stdin.read().upper())
out.flush()
print(sys.stdout.seekable(), file=sys.stderr)
"""
        result = sandbox.run_program(ProgramRun(code, "python", stdin="grüße\n"))
        assert (result.outcome, result.exit_code, result.stdout, result.stderr) == ("ok", 0, "GRÜSSE\n", "False\n")

    def test_threads_and_exit_functions_run_to_their_end(self, sandbox: NamespaceSandbox) -> None:
        code = """
            import atexit, threading, time
            atexit.register(print, "last")
            threading.Thread(target=lambda: (time.sleep(0.05), print("thread"))).start()
            print("main")
        """
        assert sandbox.run_program(ProgramRun(textwrap.dedent(code), "python")).stdout == "main\nthread\nlast\n"

    def test_bash_works_with_pipes_and_substitution(self, sandbox: NamespaceSandbox) -> None:
        code = "sort in.txt | head -n 1; cat <(echo sub) >/dev/stderr; read line; echo $1-$line; exit 3"
        run = ProgramRun(code, "bash", stdin="typed\n", argv=("a",), files={"in.txt": "b\na\n"})
        result = sandbox.run_program(run)
        assert (result.stdout, result.stderr, result.exit_code) == ("a\na-typed\n", "sub\n", 3)

    def test_links_out_of_the_folder_are_not_followed(self, sandbox: NamespaceSandbox) -> None:
        code = "ln -s /etc/passwd here; ln -s /etc there; mkfifo pipe"
        run = ProgramRun(code, "bash", wanted_files=("here", "there/passwd", "pipe"))
        assert sandbox.run_program(run).files == {}

    def test_node_runs_scripts(self, sandbox: NamespaceSandbox) -> None:
        program = ProgramRun("console.log(require('fs').readFileSync(0, 'utf8').length)", "javascript", stdin="abc")
        assert sandbox.run_program(program).stdout == "3\n"

    @pytest.mark.parametrize("code", ["while (true) {}", "const a = []; while (true) a.push(new Array(1e6).fill(1.5))"])
    def test_javascript_is_bounded(self, sandbox: NamespaceSandbox, code: str) -> None:
        result = sandbox.run_program(ProgramRun(code, "javascript", limits=RunLimits(wall_s=3, memory_mb=128)))
        assert result.outcome in {"timeout", "memory"}
        assert result.peak_memory_kb is None or result.peak_memory_kb < 600_000


class TestQueries:
    def test_each_setup_has_a_database_of_its_own(self, sandbox: NamespaceSandbox) -> None:
        setups = tuple(f"create table t (n int, d date); insert into t values ({n}, '2024-02-29')" for n in (1, 2))
        result = sandbox.run_query(QueryRun("select n, d, n / 3.0 as share from t", setups))
        assert result.outcome == "ok"
        assert [rows.columns for rows in result.results] == [("n", "d", "share")] * 2
        assert [rows.rows[0][0] for rows in result.results] == [1, 2]

    def test_nothing_of_one_database_is_seen_in_the_next(self, sandbox: NamespaceSandbox) -> None:
        setups = ("create table a (n int); create temp table b (n int)", "create table c (n int)")
        result = sandbox.run_query(QueryRun("select table_name from information_schema.tables order by 1", setups))
        assert [rows.rows for rows in result.results] == [(("a",), ("b",)), (("c",),)]

    @pytest.mark.parametrize(
        "query",
        [
            "select * from nowhere",
            "select * from read_csv('/etc/passwd')",
            "copy t to '/tmp/aibaas-out.csv'",
            "install httpfs",
            "select 1; select 2",
            "set enable_external_access = true",
            "select * from result",
            "attach '/tmp/aibaas-out.db' as x",
        ],
    )
    def test_queries_reach_nothing_else(self, sandbox: NamespaceSandbox, query: str) -> None:
        result = sandbox.run_query(QueryRun(query, ("create table t (n int)",)))
        assert result.outcome == "exception"
        assert result.results[0].rows == ()

    def test_endless_queries_are_ended(self, sandbox: NamespaceSandbox) -> None:
        query = "with recursive r as (select 1 as n union all select n from r) select count(*) from r"
        assert sandbox.run_query(QueryRun(query, ("",), SHORT)).outcome in {"timeout", "memory", "exception"}

    def test_a_broken_setup_is_not_the_candidates(self, sandbox: NamespaceSandbox) -> None:
        assert sandbox.run_query(QueryRun("select 1", ("create tabel t",))).results[0].outcome == "infrastructure"


class TestAsserts:
    @pytest.mark.parametrize(
        ("code", "after", "outcome"),
        [
            ("def f(): return 1\n", "\nassert f() == 1", "ok"),
            ("def f(): return 2\n", "\nassert f() == 1", "exception"),
            ("def f(): return 1\nimport sys; sys.exit(0)\n", "\nassert f() == 1", "exception"),
            ("import os\ndef f(): os._exit(0)\n", "\nassert f() == 1", "exception"),
            ("def f(): return 1\n", "\nimport os\nos._exit(0 if f() == 1 else 1)", "ok"),
            ("def f(): return 2\n", "\nimport os\nos._exit(0 if f() == 1 else 1)", "exception"),
        ],
    )
    def test_a_pass_needs_the_tests_to_have_run(
        self, sandbox: NamespaceSandbox, code: str, after: str, outcome: str
    ) -> None:
        assert sandbox.run_asserts(AssertsRun(code, after)).outcome == outcome

    @pytest.mark.parametrize("name", ["answer", "list", "text", "test", "read", "send"])
    def test_a_name_of_the_harness_is_free_in_javascript(self, sandbox: NamespaceSandbox, name: str) -> None:
        code = f"const {name} = (x) => x + 1;"
        run = AssertsRun(code, f"\nif ({name}(1) !== 2) throw new Error('no')", language="javascript", entry=name)
        assert sandbox.run_asserts(run).reason == ""

    def test_javascript_asserts(self, sandbox: NamespaceSandbox) -> None:
        run = AssertsRun("const f = () => 1;", "\nif (f() !== 1) throw new Error('no')", language="javascript")
        assert sandbox.run_asserts(run).outcome == "ok"
