"""A question that a page's script posts, and its answer."""

import asyncio
import gzip
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.runs import Refused
from core.runs.live.encoding import dumps
from core.runs.live.viewer import BadRequestError
from core.runs.questions import TOO_SLOW, Questions

MOST_BODY_BYTES = 65_536
ANSWER_SECONDS = 30.0


async def answered(request: Request, questions: Questions, owner: str) -> Response:
    """The worker's answer as JSON; or 400, 409, 504 with one sentence: see `sentence`."""
    try:
        fields = _question(await _body(request))
        question, step = fields.pop("question"), fields.pop("step", None)
        run = request.path_params["run"]
        answer = await asyncio.to_thread(questions.ask, owner, run, question, step, fields)
        found = await _waited(request, asyncio.wrap_future(answer))
    except TimeoutError:
        return sentence(TOO_SLOW, 504, retry=True)
    except BadRequestError as error:
        return sentence(str(error), 400)
    except Refused as error:
        return sentence(str(error), 409, retry=error.retry)
    body, headers = dumps(found).encode(), {"Cache-Control": "no-store"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(gzip.compress, body, 5)
    return Response(body, media_type="application/json", headers=headers)


async def _waited(request: Request, answer: asyncio.Future[dict[str, Any]]) -> dict[str, Any]:
    """The answer, unless it takes too long or the asker leaves: then it is cancelled. Raises TimeoutError."""
    leaves = asyncio.create_task(_left(request))
    try:
        await asyncio.wait((answer, leaves), timeout=ANSWER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise TimeoutError
        return answer.result()
    finally:
        leaves.cancel()
        answer.cancel()


async def _left(request: Request) -> None:
    """Return when the asker has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def sentence(message: str, status: int, *, retry: bool = False) -> Response:
    """An answer that is one sentence, in `message`; `retry`: it is worth asking again in a moment."""
    body = {"message": message, "retry": retry}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


async def _body(request: Request) -> bytes:
    """What was posted, as far as it is not too much. Raises BadRequestError."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY_BYTES:
            raise BadRequestError(f"A question must be at most {MOST_BODY_BYTES // 1024} kB.")
    return body


def _question(body: bytes) -> dict[str, Any]:
    """A posted question: an object with its name. Raises BadRequestError."""
    try:
        fields = json.loads(body.decode("utf-8"))
        # Half a character, as JSON may hold, could not be told again.
        json.dumps(fields, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise BadRequestError("A question must be JSON.") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("question"), str):
        raise BadRequestError('A question must be an object such as {"question": "predict"}.')
    return fields
