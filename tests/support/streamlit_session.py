"""A session with a Streamlit server without a browser: the page's files, then its messages over the WebSocket."""

from __future__ import annotations

import re
import time
from urllib.parse import urljoin

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

FILES = re.compile(r'(?:src|href)="(\./[^"]+\.(?:js|css|woff2|png))"')
PATIENCE_S = 120


async def delivered_s(url: str, wanted: str) -> float:
    """Seconds from the first request until HTML with `wanted` in it has come, as one browser asks for a page.

    Raises TimeoutError when it does not come.
    """
    started = time.perf_counter()
    async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as http:
        index = (await http.get(url)).raise_for_status().text
        for file in FILES.findall(index):
            (await http.get(urljoin(f"{url}/", file))).raise_for_status()
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, proxy=None) as websocket:  # type: ignore[list-item]
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        await websocket.send(asked.SerializeToString())
        while time.perf_counter() - started < PATIENCE_S:
            told = ForwardMsg.FromString(await websocket.recv(decode=False))
            if wanted in told.delta.new_element.html.body:
                return time.perf_counter() - started
    raise TimeoutError(f"{url} has not shown {wanted}")
