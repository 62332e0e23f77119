"""What another program says: ssh, rsync, tar, rclone. It may repeat an address with its password, a command, a banner.

So none of its words is passed on. A form that is known here is told in ours; of anything else, only that it came.
"""

from __future__ import annotations

from collections.abc import Iterable

from plugins.problems import say

from ..errors import PublishError, Unreachable

Form = tuple[tuple[str, ...], type[PublishError], str, str]  # signs in small letters, the error, message, remedy

FULL: Form = (
    ("no space left", "quota exceeded", "insufficient storage", "disk full", "quotaexceeded"),
    PublishError,
    say("there is no room left on {place}"),
    say("The server's disk is full: free some space there (old releases go by themselves), then publish again."),
)
DENIED: Form = (
    ("permission denied", "operation not permitted", "read-only file system", "could not be renamed"),
    PublishError,
    say("this account may not write in {place}"),
    say("The account on the server may not write there: give it the folder (chown), then publish again."),
)
LOGIN: tuple[Form, ...] = (
    (
        ("host key verification failed", "knownhosts", "key mismatch"),
        PublishError,
        say("the server is not the one that this machine knows, or it knows none yet"),
        say(
            "Connect once with “ssh {host}” and compare the fingerprint with the one your host publishes. "
            "If it has changed and your host did not say so, do not go on."
        ),
    ),
    (
        ("permission denied (", "too many authentication failures", "unable to authenticate"),
        PublishError,
        say("the server does not accept this machine's key"),
        say("Add the key to ssh-agent (ssh-add), or see “The key” in docs/hosts.md."),
    ),
    (
        ("could not resolve", "no such host"),
        PublishError,
        say("the name {host} is not known"),
        say("Check the host in publish.toml, and this machine's network."),
    ),
    (
        ("connection refused",),
        PublishError,
        say("{host} answers, but not to ssh"),
        say("Check the port, or ask the host whether ssh is on."),
    ),
    (
        ("bad configuration option", "bad owner or permissions", "unprotected private key", "terminating, "),
        PublishError,
        say("ssh does not accept its own configuration, or a key that others may read"),
        say("“ssh {host}” in a terminal says which file it is."),
    ),
    (
        ("timed out", "no route to host", "network is unreachable", "connection closed", "connection reset"),
        Unreachable,
        say("the connection to {host} failed"),
        say("Check the network, then try again."),
    ),
)
STORE: tuple[Form, ...] = (
    (
        ("didn't find section in config",),
        PublishError,
        say("rclone knows no remote “{remote}”"),
        say("Set it up: rclone config (docs/hosts.md)."),
    ),
    (
        ("knownhosts", "known_hosts", "key mismatch"),
        PublishError,
        say("the host key of {place} is not the known one"),
        say("Connect once with ssh or sftp and compare the fingerprint with the one your host publishes."),
    ),
    FULL,
    (
        (
            "unable to authenticate",
            "unauthorized",
            "forbidden",
            "invalidaccesskeyid",
            "signaturedoesnot",
            "accessdenied",
            "530 ",
            "login incorrect",
            "login failed",
        ),
        PublishError,
        say("{place} does not accept the name, password or key of this machine, or gives it too few rights"),
        say("Set the remote right: rclone config (docs/hosts.md)."),
    ),
    (
        ("no such host",),
        Unreachable,
        say("the name of the server of {place} is not known"),
        say("Check the remote (rclone config), and this machine's network."),
    ),
    (
        ("x509", "certificate"),
        PublishError,
        say("this machine does not trust the certificate of {place}"),
        say("Check the remote (rclone config), and this machine's network."),
    ),
    (
        ("proxyconnect",),
        Unreachable,
        say("the proxy of this machine does not lead to {place}"),
        say("Ask who looks after the proxy, or name the site in the variable NO_PROXY; then publish again."),
    ),
)


def known(error: str, forms: Iterable[Form], **values: str) -> PublishError | None:
    """What another program wrote to standard error, in our words; None where no form of it is known."""
    text = error.lower()
    for signs, kind, message, remedy in forms:
        if any(sign in text for sign in signs):
            return kind(say(str(message), **values), say(str(remedy), **values))
    return None
