"""Joins two namespaces by a line that delays every packet by so many milliseconds: for kernels without netem.

relay.py NAMESPACE DEVICE NAMESPACE DEVICE MILLISECONDS
Python, because neither Node nor a shell can ask the kernel for a TUN device; Patroni brings it.
"""

import collections, ctypes, fcntl, os, select, struct, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
# Four seconds of a full line; what comes beyond that is dropped, as by a router.
MOST_PACKETS = 20000


def open_tun(namespace, device):
    with open("/run/netns/" + namespace) as home:
        if ctypes.CDLL(None, use_errno=True).setns(home.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TUN | IFF_NO_PI))
    return tun


one, other = open_tun(sys.argv[1], sys.argv[2]), open_tun(sys.argv[3], sys.argv[4])
delay = float(sys.argv[5]) / 1000
ways = {one: (other, collections.deque()), other: (one, collections.deque())}
print("ready", flush=True)
while True:
    now = time.monotonic()
    for to, waiting in ways.values():
        while waiting and waiting[0][0] <= now:
            try:
                os.write(to, waiting.popleft()[1])
            except OSError:
                pass
    due = [waiting[0][0] for _, waiting in ways.values() if waiting]
    ready, _, _ = select.select(list(ways), [], [], max(0, min(due) - time.monotonic()) if due else None)
    for tun in ready:
        _, waiting = ways[tun]
        try:
            packet = os.read(tun, 65536)
        except OSError:
            continue
        if len(waiting) < MOST_PACKETS:
            waiting.append((time.monotonic() + delay, packet))
