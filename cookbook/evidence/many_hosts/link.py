"""The network between one host and a server: it can be cut, and it can be slow.

>>> import socket
>>> from cookbook.evidence.many_hosts.link import Link
>>> server = socket.create_server(("127.0.0.1", 0))
>>> with server, Link(server.getsockname()) as link:
...     client = socket.create_connection(("127.0.0.1", link.port))
...     client.sendall(b"first")
...     there, _ = server.accept()
...     print(there.recv(99))
...     link.cut()
...     client.sendall(b"second")
...     there.settimeout(0.1)
...     try:
...         there.recv(99)
...     except TimeoutError:
...         print("nothing comes through, and nobody is told")
...     link.heal()
...     there.settimeout(60)
...     print(there.recv(99), client.recv(99))
b'first'
nothing comes through, and nobody is told
b'' b''
>>> client.close(), there.close()
(None, None)
"""

import asyncio
import threading
from contextlib import suppress


class Link:
    """A TCP port that leads to a server: a path, or a pair of host and port."""

    def __init__(self, server, delay=0.0):
        self.server, self.delay = server, delay
        self.writers = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.port = self.call(self.listen())
        return self

    def __exit__(self, *_):
        self.call(self.end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(60)

    async def listen(self):
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.listener = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        return self.listener.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        self.writers.add(writer)
        await self.is_open.wait()
        with suppress(OSError):
            there = (
                await asyncio.open_unix_connection(self.server)
                if isinstance(self.server, str)
                else await asyncio.open_connection(*self.server)
            )
            self.writers.add(there[1])
            await asyncio.gather(
                self.carry(reader, there[1]), self.carry(there[0], writer)
            )
        writer.close()

    async def carry(self, reader, writer):
        """Carry what one side sends to the other, until one of them closes."""
        try:
            while data := await reader.read(65536):
                await asyncio.sleep(self.delay)
                await self.is_open.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass  # The side that is read from has gone, or the link was reset.
        finally:
            writer.close()
            self.writers.discard(writer)

    async def reset(self):
        """Forget all connections, as a firewall does; both sides see them end."""
        for writer in list(self.writers):
            writer.transport.abort()
        self.writers.clear()

    async def end(self):
        self.listener.close()
        await self.reset()
        self.is_open.set()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    def cut(self):
        """Hold all that is sent, as where a cable is cut: no side is told."""
        self.loop.call_soon_threadsafe(self.is_open.clear)

    def heal(self):
        """End the old connections, and let new ones through."""
        self.call(self.reset())
        self.loop.call_soon_threadsafe(self.is_open.set)
