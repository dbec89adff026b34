"""How an error becomes an HTTP answer: by its recovery, with one envelope for all."""

from __future__ import annotations

import logging
import secrets

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from core.errors import AppError, Recovery

_log = logging.getLogger(__name__)
_BY_RECOVERY = dict.fromkeys(Recovery, 422) | {Recovery.RETRY: 503, Recovery.STOP: 500}
_BY_CODE = {"bad_question": 400, "not_found": 404, "not_allowed": 403, "permission_missing": 403, "too_large": 413,
            "took_too_long": 408}  # fmt: skip


def install(app: FastAPI) -> None:
    """Teach the application the error envelope `{"error": {"code", "message", "hint", "id"}}`."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _envelope(status: int, code: str, message: str, hint: str = "", error_id: str = "") -> JSONResponse:
    body = {"code": code, "message": message, "hint": hint, "id": error_id}
    return JSONResponse({"error": {key: text for key, text in body.items() if text}}, status_code=status)


async def _app_error(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, AppError):
        raise error
    if error.recovery is Recovery.STOP:
        return _stop(error, error.message)
    response = _envelope(_BY_CODE.get(error.code, _BY_RECOVERY[error.recovery]), error.code, error.message, error.hint)
    if error.recovery is Recovery.RETRY:
        response.headers["Retry-After"] = str(int(getattr(error, "retry_after_s", None) or 30))
    return response


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    names = ", ".join(str(problem["loc"][-1]) for problem in problems)
    reasons = "; ".join(str(problem["msg"]) for problem in problems)
    return _envelope(400, "bad_request", f"Not usable: {names}.", reasons)


async def _http(_request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _envelope(status, "http_error", "There is nothing here." if status == 404 else "This is not possible here.")


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    return _stop(error, "Something went wrong on our side.")


def _stop(error: Exception, message: str) -> JSONResponse:
    error_id = secrets.token_hex(4)
    _log.error("error %s", error_id, exc_info=error)
    return _envelope(500, getattr(error, "code", "error"), message, "The log tells more under this id.", error_id)
