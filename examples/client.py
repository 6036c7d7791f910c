"""A client in Python, and the lines by which it can be verified:

    oneline verify -client 'python3 examples/client.py {addr}'
"""
import json
import socket
import sys
import time


class Client:
    def __init__(self, addr):
        host, _, port = addr.rpartition(":")
        self.addr = host.strip("[]"), int(port)
        self.sock, self.rest = None, b""

    def connect(self):
        self.close()
        self.sock, self.rest = socket.create_connection(self.addr, timeout=2), b""
        try:
            self.send(b"ping")
            if self.receive(2) != b"pong":
                raise ValueError("ping was not answered by pong")
        except (OSError, EOFError, ValueError):
            self.close()
            raise

    def send(self, command):
        if b"\n" in command:
            raise ValueError("a command cannot hold a line feed")
        if not self.sock:
            raise EOFError
        self.sock.sendall(command + b"\n")

    def receive(self, seconds):
        end = time.monotonic() + seconds
        while b"\n" not in self.rest:  # what has come stays, also after a time-out
            if not self.sock:
                raise EOFError
            self.sock.settimeout(max(end - time.monotonic(), 0.001))
            data = self.sock.recv(65536)
            self.rest += data
            if not data:
                self.close()
        packet, _, self.rest = self.rest.partition(b"\n")
        return packet

    def close(self):
        if self.sock:
            self.sock.close()
        self.sock = None


def obey(client, verb, rest):
    """Carries out a line, and gives the answer to it."""
    try:
        if verb == "connect":
            client.connect()
        elif verb == "send":
            client.send(json.loads(rest).encode("latin-1"))
        elif verb == "receive":
            return "ok " + json.dumps(client.receive(float(rest)).decode("latin-1"))
        elif verb == "connected":
            return "ok true" if client.sock else "ok false"
        elif verb in ("disconnect", "shutdown"):
            client.send(verb.encode())
            client.close()
        elif verb == "quit":
            client.close()
        return "ok"
    except socket.timeout:
        return "timeout"
    except (ConnectionError, EOFError):
        client.close()
        return "closed"
    except (OSError, ValueError) as problem:
        return f"error {problem}"


client = Client(sys.argv[1])
for line in sys.stdin:
    verb, _, rest = line.strip().partition(" ")
    print(obey(client, verb, rest), flush=True)
    if verb == "quit":
        break
