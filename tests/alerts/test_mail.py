"""Mail: what goes over the wire to a real server, what is refused before, and what each answer of the server means."""

import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alerts.channels import mail
from core import config
from core.errors import AppError, BadSetting, MayHaveArrived, NotConnected, Recovery, RefusedRequest, SourceUnavailable
from core.message import Attachment, Message, Picture
from tests.alerts.postbox import Postbox, self_made, serving

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")
AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
LEAVE = "https://plumbline.example/u/1a2b.some-secret-that-is-rather-long-as-secrets-are-0123456789"
MESSAGE = Message(
    "1a.2b", AT, "Wöchentlich: 16–22 Nov 2026", "Views: 1,200\n.\n..two dots\nend", "<p>Grüße <img src='cid:chart-1'>",
    pictures=(Picture("chart-1", "Views", "Views by day", b"\x89PNG-not-really"),),
    attachments=(Attachment("Größe_2026-11-22.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\n%%EOF" * 50),),
    unsubscribe=LEAVE,
)  # fmt: skip


def settings(box):
    return replace(config.load({}), smtp=box.smtp)


def send(box, message=MESSAGE, to="ann@example.com", handing_over=lambda: None):
    return mail.send(message, to, settings(box), handing_over)


@pytest.fixture
def box():
    with serving(Postbox()) as made:
        yield made


def test_it_sends_text_html_pictures_and_files_in_one_mail(box):
    assert send(box) == "250 2.0.0 queued as 7"
    (taken,) = box.mails
    assert (taken.sender, taken.to) == ("reports@sender.example", ["ann@example.com"])
    found = taken.read
    assert found.get_content_type() == "multipart/mixed"
    assert found.get_body(("plain",)).get_content().splitlines() == MESSAGE.text.splitlines()
    assert found.get_body(("html",)).get_content().splitlines() == [MESSAGE.html]
    assert [part.get_content_type() for part in found.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "application/pdf",
    ]  # fmt: skip
    picture = next(part for part in found.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"] == "<chart-1>"
    assert picture.get_content_disposition() == "inline"
    (file,) = found.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("Größe_2026-11-22.pdf", MESSAGE.attachments[0].content)


def test_it_writes_a_head_that_every_server_can_read(box):
    send(box)
    found = box.mails[0].read
    assert found["Subject"] == MESSAGE.subject
    assert str(found["From"]) == "Größe & Co <reports@sender.example>"
    assert found["Date"].datetime == AT
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] == f"<{LEAVE}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert box.mails[0].raw.isascii()
    assert max(len(line) for line in box.mails[0].raw.split(b"\r\n")) <= 120
    assert b"\n" not in box.mails[0].raw.replace(b"\r\n", b"")


def test_it_offers_one_click_only_where_that_is_encrypted(box):
    send(box, replace(MESSAGE, unsubscribe="http://plumbline.example/u/1"))
    assert box.mails[0].read["List-Unsubscribe"] == "<http://plumbline.example/u/1>"
    assert box.mails[0].read["List-Unsubscribe-Post"] is None


def test_it_names_a_mail_the_same_when_it_is_sent_again(box):
    for message in (MESSAGE, MESSAGE, replace(MESSAGE, id="1a.2c")):
        send(box, message)
    first, again, other = (one.read["Message-ID"] for one in box.mails)
    assert first == again != other
    assert first.endswith("@sender.example>")


def test_it_tells_right_before_the_mail_may_have_arrived(box):
    seen = []
    send(box, handing_over=lambda: seen.append(len(box.mails)))
    assert seen == [0]
    assert len(box.mails) == 1


def test_it_sends_nothing_when_it_may_not_be_handed_over(box):
    def refuse():
        raise RuntimeError("somebody else's by now")

    with pytest.raises(RuntimeError):
        send(box, handing_over=refuse)
    assert box.mails == []


INJECTIONS = [
    "Report\r\nBcc: victim@example.com", "Report\nBcc: victim@example.com", "Report\rBcc: victim@example.com",
    "Report\r\n\r\n<script>", "Report\x00", "Report\u2028Bcc: x", "Report\x0bBcc: x", "Report\x85Bcc: x",
]  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS, ids=ascii)
def test_it_refuses_line_breaks_in_the_head(box, text):
    file = replace(MESSAGE.attachments[0], name=text)
    link = replace(MESSAGE, unsubscribe=f"https://a.example/{text}")
    for message in (replace(MESSAGE, subject=text), replace(MESSAGE, attachments=(file,)), link):
        with pytest.raises(BadSetting):
            send(box, message)
    with pytest.raises(BadSetting):
        send(box, to=f"ann@example.com{text[6:]}")
    named = replace(box.smtp, sender=(text, "reports@sender.example"))
    with pytest.raises(BadSetting):
        mail.wire(MESSAGE, "ann@example.com", named)
    assert box.mails == []


@pytest.mark.parametrize(
    "text",
    ["=?utf-8?q?Bcc:_x?=", "a" * 500, "日本語の週報 🚀 " * 20, "Re: \t tab", '"quoted" <a@b.c>, d@e.f', "ﷺ" * 80],
    ids=lambda text: text[:12],
)
def test_it_keeps_strange_subjects_as_they_are(box, text):
    text = text.replace("\t", " ")
    send(box, replace(MESSAGE, subject=text))
    found = box.mails[0].read
    assert "".join(str(found["Subject"]).split()) == "".join(text.split()) or "=?" in text
    assert found["Bcc"] is None
    assert box.mails[0].to == ["ann@example.com"]


@pytest.mark.parametrize(
    "to",
    ["", "ann", "ann@", "@example.com", "ann@example", "ann@@example.com", "a b@example.com", "ann@exa mple.com",
     "ann@-a.com", "ann@a..com", "ann.@example.com", ".ann@example.com", '"a b"@example.com', "ann@[127.0.0.1]",
     "ann@example.com,bob@example.com", "Ann <ann@example.com>", "ann@example.com> SIZE=1", "änn@example.com",
     f"{'a' * 65}@example.com", f"ann@{'a' * 64}.com", "ann@example.com\r\nRCPT TO:<x@y.z>"],
)  # fmt: skip
def test_it_refuses_what_is_no_address(box, to):
    with pytest.raises(BadSetting):
        send(box, to=to)
    assert box.mails == []


def test_it_brings_domains_into_the_form_of_the_wire(box):
    send(box, to="Info@KÖLN.example")
    assert box.mails[0].to == ["Info@xn--kln-sna.example"]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_it_tries_again_only_what_the_server_may_take_later(box, stage):
    box.refuse = {stage: "451 4.7.1 greylisted, come back"}
    with pytest.raises(SourceUnavailable, match="greylisted") as later:
        send(box)
    assert later.value.recovery is Recovery.RETRY
    assert not later.value.of_all
    box.refuse = {stage: "550 5.1.1 no such user"}
    with pytest.raises(RefusedRequest, match="no such user"):
        send(box)


def test_it_is_in_doubt_when_the_server_says_nothing_at_the_end():
    """A server that takes everything and then hangs up: the mail may be in somebody's box."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        handed, port = [], listening.getsockname()[1]

        def serve():
            peer, _ = listening.accept()
            with peer, peer.makefile("rwb") as wire:
                wire.write(b"220 hello\r\n")
                wire.flush()
                for line in wire:
                    if line == b".\r\n":
                        return
                    if line[:4].upper() in {b"EHLO", b"MAIL", b"RCPT"}:
                        wire.write(b"250 ok\r\n")
                    elif line[:4].upper() == b"DATA":
                        wire.write(b"354 go on\r\n")
                    wire.flush()

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(MayHaveArrived):
            send(Postbox(port=port), handing_over=lambda: handed.append(True))
        thread.join()
    assert handed == [True]


def test_it_says_that_nothing_gets_through_where_there_is_no_server():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SourceUnavailable) as missing:
        send(Postbox(port=port))
    assert missing.value.of_all


def test_it_says_what_to_set_where_no_server_is_set():
    with pytest.raises(NotConnected, match="PLUMBLINE_SMTP_HOST"):
        mail.send(MESSAGE, "ann@example.com", config.load({}), lambda: None)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_encrypts_with_a_certificate_it_trusts(security, tmp_path, monkeypatch):
    certificate = self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(Postbox(security=security, login=True), certificate) as box:
        send(box)
        assert len(box.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_sends_nothing_past_a_certificate_it_does_not_trust(security, tmp_path, monkeypatch):
    with serving(Postbox(security=security, login=True), self_made(tmp_path)) as box:
        with pytest.raises(SourceUnavailable, match="not trusted") as unknown:
            send(box)
        assert unknown.value.of_all
        wrong = self_made(tmp_path, "other.example")
        monkeypatch.setenv("SSL_CERT_FILE", str(wrong))
        with pytest.raises(SourceUnavailable, match="not trusted"):
            send(box)
        assert box.mails == []


def test_it_sends_nothing_where_encryption_is_not_offered(box):
    with pytest.raises(SourceUnavailable, match="no encryption"):
        mail.send(
            MESSAGE, "ann@example.com", replace(config.load({}), smtp=replace(box.smtp, security="starttls")),
            lambda: None,
        )  # fmt: skip
    assert box.mails == []


def test_it_tells_a_refused_login_without_the_password(tmp_path, monkeypatch):
    certificate = self_made(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(Postbox(security="starttls", login=True), certificate) as box:
        wrong = replace(config.load({}), smtp=replace(box.smtp, password="hunter2"))
        with pytest.raises(SourceUnavailable, match="refused the login") as refused:
            mail.send(MESSAGE, "ann@example.com", wrong, lambda: None)
        assert "hunter2" not in str(refused.value)
        assert refused.value.of_all


def test_it_says_so_when_a_password_cannot_be_sent():
    with serving(Postbox(login=True)) as box:
        strange = replace(config.load({}), smtp=replace(box.smtp, password="häuser"))
        with pytest.raises(SourceUnavailable, match="letters that cannot be sent") as refused:
            mail.send(MESSAGE, "ann@example.com", strange, lambda: None)
        assert "häuser" not in str(refused.value)


def test_it_fails_as_an_error_of_ours_however_the_server_babbles():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            peer, _ = listening.accept()
            with peer:
                peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"\xff" * 5000)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(AppError):
            send(Postbox(port=listening.getsockname()[1]))
        thread.join()
