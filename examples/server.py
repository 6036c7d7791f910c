"""A server in Python, which answers like the sample application:

    oneline verify -launch 'python3 examples/server.py {addr}' -app sample
"""
import socket
import sys

LONGEST = 64 * 1024  # bytes of a packet; what is longer is dropped up to its line feed


def packets(client):
    """Gives each packet without its line feed, None for one that is too long."""
    rest, too_long = b"", False
    while data := client.recv(65536):
        *ended, rest = (rest + data).split(b"\n")
        for packet in ended:
            yield None if too_long or len(packet) > LONGEST else packet
            too_long = False
        too_long = too_long or len(rest) > LONGEST
        rest = b"" if too_long else rest  # bytes that nothing has ended are never run


def answers(command):
    """What the application answers: any number of packets."""
    if command is None or not command.isascii():
        return [b"nak - unknown cmd"]
    if command.startswith(b"echo "):
        return [command[5:]]
    if command.startswith(b"count ") and command[6:].isdigit() and 1 <= int(command[6:]) <= 1000:
        return [b"%d" % n for n in range(1, int(command[6:]) + 1)]
    return {b"cmd01": [b"ack"], b"none": []}.get(command, [b"nak - unknown cmd"])


def serve(client):
    """Serves one client; True if it asked the server to stop."""
    for command in packets(client):
        if command in (b"disconnect", b"shutdown"):
            return command == b"shutdown"
        for answer in [b"pong"] if command == b"ping" else answers(command):
            client.sendall(answer + b"\n")


host, _, port = sys.argv[1].rpartition(":")
family = socket.AF_INET6 if ":" in host else socket.AF_INET
with socket.create_server((host.strip("[]"), int(port)), family=family) as server:
    stop = False
    while not stop:
        client, _ = server.accept()
        try:
            with client:
                stop = serve(client)
        except OSError:  # the client reset the connection
            pass
