"""Users of cells."""

from __future__ import annotations

import os

from orchestration.sandbox.users import FIRST_USER, USER_COUNT, covers_users, may_change_user, user_of_slot


def test_each_slot_has_another_user_where_users_can_be_changed() -> None:
    users = [user_of_slot(slot) for slot in range(3)]
    if may_change_user():
        assert len(set(users)) == 3
        assert all(user is not None and FIRST_USER <= user < FIRST_USER + USER_COUNT for user in users)
    else:
        assert users == [None] * 3
    assert may_change_user() <= (os.geteuid() == 0)


def test_ids_that_a_namespace_lacks_are_not_used() -> None:
    assert covers_users("         0          0 4294967295\n")
    assert covers_users("0 1000 1\n1 100000 65536\n")
    assert not covers_users("         0          0          1\n")
    assert not covers_users("")
