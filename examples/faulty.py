"""A server in Python with mistakes that people make, to see what their report
looks like:

    oneline verify -launch 'python3 examples/faulty.py {addr}' -app sample

It strips blanks from a command and takes upper for lower case before it looks
which one it is, answers bytes that are not ASCII as if they were, and dies of a
packet that is too long.
"""
import socket
import sys

LONGEST = 64 * 1024  # bytes of a packet


def packets(client):
    """Gives each packet without its line feed."""
    rest = b""
    while data := client.recv(65536):
        *ended, rest = (rest + data).split(b"\n")
        yield from ended
        if len(rest) > LONGEST:
            raise SystemExit("a packet is too long")


def serve(client):
    """Answers a client until it leaves; tells whether the server is to go on."""
    for packet in packets(client):
        command = packet.decode("ascii", "replace").strip().lower()
        if command == "ping":
            client.sendall(b"pong\n")
        elif command in ("disconnect", "shutdown"):
            return command == "disconnect"
        elif command == "cmd01":
            client.sendall(b"ack\n")
        elif command.startswith("echo "):
            client.sendall(command[5:].encode() + b"\n")
        else:
            client.sendall(b"nak - unknown cmd\n")
    return True


def main():
    host, _, port = sys.argv[1].rpartition(":")
    with socket.create_server((host.strip("[]"), int(port)), reuse_port=False) as listener:
        serving = True
        while serving:
            client, _ = listener.accept()
            with client:
                try:
                    serving = serve(client)
                except ConnectionError:
                    pass  # it left without disconnect


if __name__ == "__main__":
    main()
