"""What an error is over HTTP."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import errors
from core.errors import TooLarge


def test_it_answers_413_with_advice_where_too_much_was_asked_for():
    app = FastAPI()
    errors.install(app)

    @app.get("/")
    def refuse() -> None:
        raise TooLarge("This table has more rows than a sheet holds.", hint="Take the CSV file.")

    answer = TestClient(app).get("/")
    assert answer.status_code == 413
    assert answer.json()["error"] == {
        "code": "too_large", "message": "This table has more rows than a sheet holds.", "hint": "Take the CSV file.",
    }  # fmt: skip
