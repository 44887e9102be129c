"""Checks an exported audit log with nothing but Python's standard library.

A second opinion, written from the format and the RFCs (9162, 8032) rather than from the other verifier, so that
nobody has to believe one program:

    python3 verify_export.py LOG.ndjson [KNOWN.json]   KNOWN: {"publicKey", "checkpoints", "promises"}, each optional
    python3 verify_export.py --cases CASE.json ...     the fixtures; one verdict a line
"""
import base64
import hashlib
import json
import re
import sys


class Broken(Exception):
    def __init__(self, fault, at=None, until=None):
        self.verdict = {"fault": fault, **{k: v for k, v in (("at", at), ("until", until)) if v is not None}}


# Ed25519 as in RFC 8032, section 6; points as (X, Y, Z, T) of section 5.1.4.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    minus, plus = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = plus - minus, d - c, d + c, plus + minus
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(count, point):
    total = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = add(total, point)
        point, count = add(point, point), count >> 1
    return total


def is_same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point_of(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return is_same(times(s, BASE), add(r, times(h, a)))


def sha256(data):
    return hashlib.sha256(data).digest()


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


HASH = r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]"
HEADER = {"format": r"tsunagi-audit@v1", "origin": r"[^\s+\ufeff]{1,200}", "publicKey": HASH}
ENTRY = {
    "index": None,
    "id": r"[A-Za-z0-9_-]{22}",
    "kind": r"(?=.{1,64}$)[a-z]+\.[a-z-]+",
    "at": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
    "digest": HASH,
    "salt": HASH,
    "detail": r"(?s:.*)",
    "leaf": HASH,
}
NULLABLE = {"id", "kind", "at", "digest", "salt", "detail"}


def read_line(line, form):
    """The line's members, or None when it is not exactly what an export would write."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if type(data) is not dict or list(data) != list(form):
        return None
    if json.dumps(data, ensure_ascii=False, separators=(",", ":")) != line:
        return None
    for name, pattern in form.items():
        value = data[name]
        if pattern is None:
            if type(value) is not int or not 0 <= value < 2**53:
                return None
        elif value is None and name in NULLABLE:
            continue
        elif type(value) is not str or not re.fullmatch(pattern, value):
            return None
    return data


def open_checkpoint(note, origin, key):
    """(size, root) of a C2SP checkpoint that the log signed, or None."""
    if len(note) > 20000 or not note.endswith("\n") or "\n\n" not in note:
        return None
    text, _, signatures = note.rpartition("\n\n")
    text += "\n"
    lines = signatures[:-1].split("\n")
    if len(lines) > 64 or not all(line.startswith("— ") for line in lines):
        return None
    key_id = sha256(origin.encode() + b"\n\x01" + key)[:4]
    for line in lines:
        if not line.startswith("— " + origin + " "):
            continue
        signature = decoded(line[len(origin) + 3:])
        if signature is not None and signature[:4] == key_id and is_signed(key, text.encode(), signature[4:]):
            break
    else:
        return None
    named, size, encoded = (text.split("\n") + ["", ""])[:3]
    root = decoded(encoded)
    if named != origin or not re.fullmatch(r"0|[1-9][0-9]{0,14}", size) or root is None or len(root) != 32:
        return None
    return int(size), root


def decoded(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


class Tree:
    """RFC 9162, section 2.1: only the roots of full subtrees are kept, so memory does not grow with the log."""

    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, leaf):
        index = self.size
        while index & 1:
            leaf, index = sha256(b"\x01" + self.peaks.pop() + leaf), index >> 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256(b"")
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + peak + root)
        return root


def check_entry(entry, expected):
    if entry is None:
        raise Broken("line-invalid", expected)
    if entry["index"] != expected:
        raise Broken("entry-out-of-order", expected)
    if None in (entry["id"], entry["kind"], entry["at"], entry["digest"]):
        raise Broken("entry-missing", expected)
    if entry["salt"] is None or entry["detail"] is None:
        raise Broken("detail-missing", expected)
    if base64url(sha256(from_base64url(entry["salt"]) + entry["detail"].encode())) != entry["digest"]:
        raise Broken("detail-changed", expected)
    content = "tsunagi-audit@v1\n%(id)s\n%(kind)s\n%(at)s\n%(digest)s\n" % entry
    if base64url(sha256(b"\x00" + content.encode())) != entry["leaf"]:
        raise Broken("entry-changed", expected)


def check(lines, known, tree):
    header = read_line(next(lines, ""), HEADER)
    if header is None:
        raise Broken("header-invalid")
    if known.get("publicKey", header["publicKey"]) != header["publicKey"]:
        raise Broken("another-key")
    log = header["origin"], from_base64url(header["publicKey"])
    checkpoints = [open_checkpoint(note, *log) for note in known.get("checkpoints", [])]
    if None in checkpoints:
        raise Broken("known-checkpoint-not-signed")
    promised = {promise["leaf"] for promise in known.get("promises", [])}
    proven, agreed = -1, 0

    def compare():
        roots = [root for size, root in checkpoints if size == tree.size]
        if any(root != tree.root() for root in roots):
            raise Broken("differs-from-known-checkpoint", agreed, tree.size)
        return tree.size if roots else agreed

    agreed = compare()
    for line in lines:
        if line.startswith('{"checkpoint"'):
            data = read_line(line, {"checkpoint": r"(?s:.*)"})
            if data is None:
                raise Broken("line-invalid", tree.size)
            checkpoint = open_checkpoint(data["checkpoint"], *log)
            if checkpoint is None:
                raise Broken("checkpoint-not-signed", tree.size)
            if checkpoint[0] != tree.size:
                raise Broken("checkpoint-misplaced", tree.size)
            if checkpoint[1] != tree.root():
                raise Broken("tree-differs", max(proven, 0), tree.size)
            proven = tree.size
        else:
            entry = read_line(line, ENTRY)
            check_entry(entry, tree.size)
            tree.append(from_base64url(entry["leaf"]))
            promised.discard(entry["leaf"])
            agreed = compare()
    if proven != tree.size:
        raise Broken("end-missing", tree.size)
    if any(size > tree.size for size, _ in checkpoints):
        raise Broken("shorter-than-known-checkpoint", tree.size)
    if promised:
        raise Broken("promise-broken")


def verdict_of(lines, known):
    tree = Tree()
    try:
        check(iter(lines), known, tree)
        return {"unbroken": True, "entries": tree.size}
    except Broken as broken:
        return {"unbroken": False, **broken.verdict, "entries": tree.size}


def lines_of(file):
    with open(file, "rb") as log:
        for line in log:
            try:
                yield line.rstrip(b"\n").decode()
            except UnicodeDecodeError:
                yield ""


def main(arguments):
    if arguments[:1] == ["--cases"]:
        for file in arguments[1:]:
            with open(file, encoding="utf-8") as case:
                content = json.load(case)
            print(json.dumps(verdict_of(content["lines"], content["known"])))
        return 0
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    known = {}
    if len(arguments) == 2:
        with open(arguments[1], encoding="utf-8") as file:
            known = json.load(file)
    verdict = verdict_of(lines_of(arguments[0]), known)
    print(json.dumps(verdict))
    return 0 if verdict["unbroken"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
