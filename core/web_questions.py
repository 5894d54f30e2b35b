"""A question that a page's script posts, and its answer."""

import asyncio
import gzip
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.runs import Refused
from core.runs.encoding import dumps
from core.runs.questions import TOO_SLOW, Questions
from core.runs.viewer import BadRequestError

MOST_BODY_BYTES = 65_536
ANSWER_SECONDS = 30.0


async def answered(request: Request, questions: Questions, owner: str) -> Response:
    """The worker's answer as JSON; or 400, 409, 504 with one sentence in `message`."""
    try:
        fields = _question(await _body(request))
        question, step = fields.pop("question"), fields.pop("step", None)
        run = request.path_params["run"]
        answer = await asyncio.to_thread(questions.ask, owner, run, question, step, fields)
        found = await asyncio.wait_for(asyncio.wrap_future(answer), ANSWER_SECONDS)
    except TimeoutError:
        return sentence(TOO_SLOW, 504)
    except BadRequestError as error:
        return sentence(str(error), 400)
    except Refused as error:
        return sentence(str(error), 409)
    body, headers = dumps(found).encode(), {"Cache-Control": "no-store"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(gzip.compress, body, 5)
    return Response(body, media_type="application/json", headers=headers)


def sentence(message: str, status: int) -> Response:
    """An answer that is one sentence."""
    return JSONResponse({"message": message}, status_code=status, headers={"Cache-Control": "no-store"})


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
    except (ValueError, RecursionError):
        raise BadRequestError("A question must be JSON.") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("question"), str):
        raise BadRequestError('A question must be an object such as {"question": "predict"}.')
    return fields
