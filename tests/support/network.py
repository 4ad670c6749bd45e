"""A network in which every packet that tries to leave the machine is counted and none does.

Needs iproute2 and the right to make a network namespace: root, or user namespaces.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SET_UP = """
ip link set lo up
ip link add outside type veth peer name drain
for device in outside drain; do
  echo 1 > /proc/sys/net/ipv6/conf/$device/disable_ipv6
  ip link set $device arp off up
done
ip address add 192.0.2.1/24 dev outside
ip route add default dev outside
echo nameserver 192.0.2.53 > {resolv}
mount --bind {resolv} /etc/resolv.conf
mkdir -p {scratch}/sys
mount -t sysfs sysfs {scratch}/sys
sent() {{ cat {scratch}/sys/class/net/outside/statistics/tx_packets; }}
{python} -c {sniffer} drain > {scratch}/packets &
sniffer=$!
sleep 1
before=$(sent)
code=0
{command} > {log} 2>&1 || code=$?
after=$(sent)
kill $sniffer
echo $code $((after - before))
"""
"""A pair of virtual devices: what the default route sends into one is lost in the other."""

SNIFFER = """
import socket, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
wire.bind((sys.argv[1], 0))
while True:
    packet = wire.recv(2048)
    words = bytes(byte if 32 < byte < 127 else 46 for byte in packet[28:120]).decode()
    print(socket.inet_ntoa(packet[16:20]), words, flush=True)
"""
"""Prints where each packet wanted to go and what can be read of it, such as the name that DNS was asked for."""


@dataclass(frozen=True)
class WatchedRun:
    """What a command did inside the watched network. `outside_packets` counts packets sent to any other machine."""

    exit_code: int
    outside_packets: int
    packets: str
    output: str


def run_watched(command: list[str], *, cwd: Path, env: dict[str, str], scratch: Path, timeout_s: float) -> WatchedRun:
    """Runs `command` in a network namespace whose only way out is a device that counts and drops."""
    log = scratch / "watched.log"
    script = SET_UP.format(
        command=shlex.join(command), log=shlex.quote(str(log)),
        python=shlex.quote(sys.executable),
        sniffer=shlex.quote(SNIFFER),
        resolv=shlex.quote(str(scratch / "resolv.conf")), scratch=shlex.quote(str(scratch)),
    )  # fmt: skip
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    result = subprocess.run(
        ["unshare", *user, "--net", "--mount", "sh", "-ec", script],
        cwd=cwd, env=env, capture_output=True, text=True, timeout=timeout_s, check=False,
    )  # fmt: skip
    output = log.read_text(errors="replace") if log.exists() else ""
    if result.returncode:
        raise AssertionError(f"the watched network could not be made: {result.stderr}")
    code, packets = result.stdout.split()[-2:]
    seen = (scratch / "packets").read_text()
    return WatchedRun(int(code), int(packets), seen, output)
