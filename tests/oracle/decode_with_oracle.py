"""Runs in the oracle's own environment: decodes a recording with asterix_decoder (GPL, nobody here wrote it).

Usage: python decode_with_oracle.py NAME-OF-SAMPLE-FILE. Prints one JSON list of {port, captured_s, records}. It imports
nothing of Redshank, and Redshank imports nothing of it: the two decoders own the same package name.
"""

import json
import os
import struct
import sys

import asterix  # type: ignore[import-untyped,unused-ignore]

ETHERNET_BYTES, UDP_BYTES = 14, 8


def datagrams(data):
    """(port, capture time, payload) of a little-endian Ethernet pcap, read by hand to be independent of dpkt."""
    at = 24
    while at < len(data):
        seconds, micros, size, _ = struct.unpack_from("<IIII", data, at)
        frame = data[at + 16 : at + 16 + size]
        at += 16 + size
        packet = frame[ETHERNET_BYTES:]
        udp = packet[(packet[0] & 15) * 4 : struct.unpack_from(">H", packet, 2)[0]]
        yield struct.unpack_from(">H", udp, 2)[0], seconds + micros / 1e6, udp[UDP_BYTES:]


def main():
    path = os.path.join(os.path.dirname(asterix.__file__), "sample_data", sys.argv[1])
    with open(path, "rb") as file:
        data = file.read()
    pieces = datagrams(data) if data[:4] == bytes.fromhex("d4c3b2a1") else [(None, None, data)]
    decoded = [
        {"port": port, "captured_s": at, "records": asterix.parse(payload, verbose=False)}
        for port, at, payload in pieces
    ]
    json.dump({"path": path, "datagrams": decoded}, sys.stdout)


if __name__ == "__main__":
    main()
