"""Settings: what is read, what is refused, and in which words."""

import pytest

from core import config
from core.errors import BadSetting


def test_it_reads_nothing_as_sensible_defaults(tmp_path):
    loaded = config.load({"PLUMBLINE_DATA_DIR": str(tmp_path)})
    assert loaded.host == "127.0.0.1"
    assert loaded.port is None
    assert loaded.database_url == f"sqlite:///{tmp_path / 'plumbline.db'}"
    assert loaded.scheduler is True


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"PLUMBLINE_PORT": "http"}, "PLUMBLINE_PORT"),
        ({"PLUMBLINE_PORT": "70000"}, "1 to 65535"),
        ({"PLUMBLINE_HOST": "0.0.0.0"}, "Until sign-in exists"),
        ({"DATABASE_URL": "mysql://u:hunter2@h/d"}, "postgresql://"),
        ({"PLUMBLINE_GATEWAY": "localhost:9000"}, "http://"),
        ({"PLUMBLINE_SCHEDULER": "maybe"}, "'on' or 'off'"),
        ({"PLUMBLINE_POTR": "1"}, "PLUMBLINE_PORT"),
        ({"PLUMBLINE_X_CLIENT_SECRET": "s3cret"}, "PLUMBLINE_X_CLIENT_ID"),
        ({"PLUMBLINE_SECRET_KEY_FILE": "/nowhere/key"}, "/nowhere/key"),
        ({"PLUMBLINE_SMTP_HOST": "mail.example"}, "PLUMBLINE_SMTP_FROM"),
        ({"PLUMBLINE_SMTP_SECURITY": "ssl"}, "'starttls', 'tls' or 'none'"),
        ({"PLUMBLINE_SMTP_FROM": "reports"}, "reports@example.com"),
        ({"PLUMBLINE_SMTP_TIMEOUT": "0"}, "1 to 300"),
        (
            {
                "PLUMBLINE_SMTP_HOST": "mail.example",
                "PLUMBLINE_SMTP_FROM": "a@b.c",
                "PLUMBLINE_SMTP_SECURITY": "none",
                "PLUMBLINE_SMTP_USER": "me",
                "PLUMBLINE_SMTP_PASSWORD": "hunter2",
            },
            "for everyone to read",
        ),
    ],
)
def test_it_refuses_a_wrong_setting_in_one_line_that_says_what_to_do(environ, says):
    with pytest.raises(BadSetting) as refused:
        config.load(environ)
    text = str(refused.value)
    assert says in text
    assert "\n" not in text
    assert "hunter2" not in text
    assert "s3cret" not in text
    assert refused.value.hint


def test_it_reads_a_secret_from_a_file(tmp_path):
    (tmp_path / "url").write_text("postgres://u:p@h/d\n")
    assert config.load({"DATABASE_URL_FILE": str(tmp_path / "url")}).database_url == "postgresql+psycopg://u:p@h/d"


def test_it_refuses_a_secret_given_twice(tmp_path):
    (tmp_path / "url").write_text("postgres://u:p@h/d")
    with pytest.raises(BadSetting, match="Both DATABASE_URL and DATABASE_URL_FILE"):
        config.load({"DATABASE_URL_FILE": str(tmp_path / "url"), "DATABASE_URL": "postgres://h/d"})


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("TLS", 465), ("none", 25)])
def test_it_knows_the_usual_port_of_each_kind_of_mail_server(security, port, tmp_path):
    (tmp_path / "secret").write_text("hunter2\n")
    smtp = config.load(
        {"PLUMBLINE_SMTP_HOST": "localhost", "PLUMBLINE_SMTP_FROM": "Größe <a@b.example>",
         "PLUMBLINE_SMTP_SECURITY": security, "PLUMBLINE_SMTP_PASSWORD_FILE": str(tmp_path / "secret")}
    ).smtp  # fmt: skip
    assert (smtp.port, smtp.sender, smtp.password) == (port, ("Größe", "a@b.example"), "hunter2")
    assert "hunter2" not in repr(smtp)


def test_it_takes_app_keys_of_any_platform(tmp_path):
    (tmp_path / "secret").write_text("hush")
    environ = {"PLUMBLINE_YOUTUBE_CLIENT_ID": "abc", "PLUMBLINE_YOUTUBE_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    assert config.load(environ).app_keys == {"youtube": ("abc", "hush")}


def test_it_shows_no_secret_in_its_repr():
    loaded = config.load({"PLUMBLINE_SECRET_KEY": "topsecret", "DATABASE_URL": "postgres://u:hunter2@h/d"})
    assert "topsecret" not in repr(loaded)
    assert "hunter2" not in repr(loaded)
