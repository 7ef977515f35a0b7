"""The explorer for browsers: its page, its files, and signing in by a link.

The page has no inline script and asks for nothing but this server: the content security policy
says so to the browser.
"""

import base64
import hashlib
import html
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from gateway.compression import preferred_coding
from gateway.explorer_build import ADDRESS, Builds
from gateway.explorer_sessions import COOKIE, SESSION_SECONDS, ExplorerSessions

PAGE = "/graphql"
SIGN_OUT = "/graphql/sign-out"
RELOAD_SECONDS = 2

_ENCODINGS = {"br": ".br", "gzip": ".gz"}  # the first is the smaller
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
    "font-src 'self' data:; img-src 'self' data:; worker-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'none'"
)
_SECURITY = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PAGE_HEADERS = {**_SECURITY, "Cache-Control": "no-store", "Vary": "Accept"}
# A build's address names its content, so that what was fetched once is never asked for again.
_FILE_HEADERS = {
    **_SECURITY,
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
}
_STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;color-scheme:light dark;"
    "font:16px/1.6 system-ui,sans-serif;background:Canvas;color:CanvasText}"
    "main{max-width:34rem;padding:2rem}h1{font-size:1.3rem;color:#0d9488}"
    "code{font-family:ui-monospace,monospace}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_WAITING_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"
_WAITING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Stockgraph explorer</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{seconds}"><style>{style}</style></head>
<body><main><h1>{title}</h1><p role="status">{text}</p></main></body></html>
"""


class Explorer:
    """The page at /graphql for browsers, and `routes` for what it needs beside."""

    def __init__(self, builds: Builds, sessions: ExplorerSessions, *, is_secure: bool) -> None:
        self._builds = builds
        self._sessions = sessions
        self._is_secure = is_secure
        self._files: Mapping[str, Path] = {}
        self.routes = [
            Route(f"{ADDRESS}/{{build}}/{{name:path}}", self._file),
            Route(SIGN_OUT, self._sign_out, methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Answer a browser that goes to the address."""
        token = request.query_params.get("token")
        if token is not None:
            return self._sign_in(request.url, token)
        if not self._builds.is_ready():
            self._builds, self._files = self._builds.renewed(), {}
        if self._builds.is_ready():
            return FileResponse(
                self._builds.folder / "index.html",
                headers=_PAGE_HEADERS,
                media_type="text/html",
            )
        return self._waiting()

    def _sign_in(self, url: URL, token: str) -> Response:
        """Turn a link's token into a cookie, and lead to the address without the token."""
        session = self._sessions.open(token)
        query = url.remove_query_params("token").query
        target = f"{PAGE}?{query}" if query else PAGE
        fragment = "" if session else "#link-used"
        response = RedirectResponse(target + fragment, 303, headers=_PAGE_HEADERS)
        if session is not None:
            response.set_cookie(
                COOKIE,
                session,
                max_age=SESSION_SECONDS,
                path=PAGE,
                httponly=True,
                samesite="strict",
                secure=self._is_secure or url.scheme == "https",
            )
        return response

    def _waiting(self) -> Response:
        failure = self._builds.failure()
        if failure is None:
            title, text = "The explorer is being built", "This page opens it when it is ready."
        else:
            title, text = "The explorer could not be built", _as_html(failure)
        body = _WAITING.format(seconds=RELOAD_SECONDS, style=_STYLE, title=title, text=text)
        headers = {
            **_PAGE_HEADERS,
            "Content-Security-Policy": _WAITING_POLICY,
            "Retry-After": str(RELOAD_SECONDS),
        }
        return HTMLResponse(body, 503, headers)

    async def _file(self, request: Request) -> Response:
        name = request.path_params["name"]
        files = self._files_of(request.path_params["build"])
        if name not in files:
            return PlainTextResponse("Not found", 404, _SECURITY)
        headers = dict(_FILE_HEADERS)
        path = files[name]
        made = {coding: end for coding, end in _ENCODINGS.items() if name + end in files}
        coding = preferred_coding(request.headers.get("accept-encoding"), tuple(made))
        if coding is not None:
            headers["Content-Encoding"] = coding
            path = files[name + made[coding]]
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return FileResponse(path, headers=headers, media_type=media_type)

    def _files_of(self, build: str) -> Mapping[str, Path]:
        """The files of a build by their names: only what was built can be asked for."""
        if build != self._builds.name or not self._builds.is_ready():
            return {}
        if not self._files:
            folder = self._builds.folder
            self._files = {
                path.relative_to(folder).as_posix(): path
                for path in folder.rglob("*")
                if path.is_file()
            }
        return self._files

    async def _sign_out(self, request: Request) -> Response:
        session = request.cookies.get(COOKIE)
        if session is not None and request.headers.get("sec-fetch-site") in (None, "same-origin"):
            self._sessions.close(session)
        response = Response(status_code=204, headers=_PAGE_HEADERS)
        response.delete_cookie(COOKIE, path=PAGE, httponly=True, samesite="strict")
        return response


def _as_html(sentence: str) -> str:
    """The sentence, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(sentence))
