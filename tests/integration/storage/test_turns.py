from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from orchestration.storage.turns import take_turns

if TYPE_CHECKING:
    from orchestration.storage.database import Database


def test_one_at_a_time_has_the_turn_of_a_name(database: Database) -> None:
    had: list[str] = []

    def second() -> None:
        with database.connect() as connection:
            take_turns(connection, ["collecting b", "collecting c"])
            had.append("second")

    with database.connect() as connection:
        take_turns(connection, ["collecting b", "collecting a", "collecting b"])
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(1)
        assert waiting.is_alive()
        with database.connect() as other:
            take_turns(other, ["grading b", "collecting d"])
        connection.execute("SELECT 1")
        connection.rollback()
        waiting.join(0.5)
        assert waiting.is_alive(), "a turn outlives the transactions of its session"
        had.append("first")
    waiting.join(30)
    assert had == ["first", "second"]


def test_the_turns_of_a_session_that_is_lost_are_given_back(database: Database) -> None:
    with database.connect() as connection, database.connect() as killer:
        take_turns(connection, ["collecting a"])
        pid = connection.info.backend_pid
        killer.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        take_turns(killer, ["collecting a"])
        connection.close()
