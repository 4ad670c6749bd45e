"""Asks a server by the generated client: who leads, how far back the history of the first goes, and who is unknown.

usage: standings.py ADDRESS
"""

import sys

from aibaas_client import Client
from aibaas_client.api.leaderboard import list_leaderboard
from aibaas_client.api.models import get_model, list_model_history
from aibaas_client.models import History, Leaderboard, Problem

with Client(base_url=sys.argv[1]) as client:
    board = list_leaderboard.sync(client=client, limit=3)
    assert isinstance(board, Leaderboard)
    for entry in board.data:
        print(entry.target_id, entry.score_mean)
    history = list_model_history.sync(board.data[0].target_id, client=client, days=2)
    assert isinstance(history, History)
    print(len(history.data), history.meta.target_id)
    unknown = get_model.sync("nobody", client=client)
    assert isinstance(unknown, Problem)
    print(unknown.status, unknown.type_)
