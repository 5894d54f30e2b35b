"""A question that a page's script posts, and its answer; a file it asks for, and the file."""

import asyncio
import gzip
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core.checkpoints import Checkpoints, NotKeptError
from core.refusals import shown
from core.runs import Refused
from core.runs.live.encoding import dumps
from core.runs.live.viewer import BadRequestError
from core.runs.questions import TOO_SLOW, Questions

MOST_BODY_BYTES = 65_536
ANSWER_SECONDS = 30.0
FILE_SECONDS = 90.0
"""A file is tried on all validation images before it is handed out."""

ENDINGS = {"safetensors": "safetensors", "json": "safetensors", "onnx": "onnx"}
"""Of the files of a network, and the format that each is part of."""


async def answered(request: Request, questions: Questions, owner: str) -> Response:
    """The worker's answer as JSON; or 400, 409, 504 with one sentence: see `sentence`."""
    try:
        fields = _object(await _body(request))
        if not isinstance(fields.get("question"), str):
            raise BadRequestError('A question must be an object such as {"question": "predict"}.')
        found = await _asked(request, questions, owner, fields, ANSWER_SECONDS)
    except _UNANSWERED as error:
        return _told(error)
    body, headers = dumps(found).encode(), {"Cache-Control": "no-store"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(gzip.compress, body, 5)
    return Response(body, media_type="application/json", headers=headers)


async def written(request: Request, questions: Questions, store: Checkpoints, owner: str) -> Response:
    """A file of a lane's network, which the worker writes now; or 400, 409, 504 with one sentence.

    Posted are `step`, `lane`, `which` and `ending`: see `core.inspect.files.export`.
    """
    try:
        wanted = _object(await _body(request))
        ending = wanted.pop("ending", None)
        if not isinstance(ending, str) or ending not in ENDINGS:
            raise BadRequestError(f"ending must be one of {', '.join(ENDINGS)}, got {shown(ending)}.")
        fields = wanted | {"question": "export", "format": ENDINGS[ending]}
        found = await _asked(request, questions, owner, fields, FILE_SECONDS)
        name = found["files"][ending]
        data = await asyncio.to_thread(store.read, request.path_params["run"], name)
    except _UNANSWERED as error:
        return _told(error)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


_UNANSWERED = (TimeoutError, BadRequestError, Refused, NotKeptError)


def _told(error: Exception) -> Response:
    """Why there is no answer, in one sentence."""
    if isinstance(error, TimeoutError):
        return sentence(TOO_SLOW, 504, retry=True)
    if isinstance(error, BadRequestError):
        return sentence(str(error), 400)
    return sentence(str(error), 409, retry=isinstance(error, Refused) and error.retry)


async def _asked(
    request: Request, questions: Questions, owner: str, fields: dict[str, Any], seconds: float
) -> dict[str, Any]:
    """The worker's answer. Raises TimeoutError, Refused."""
    question, step = fields.pop("question"), fields.pop("step", None)
    run = request.path_params["run"]
    answer = await asyncio.to_thread(questions.ask, owner, run, question, step, fields)
    return await _waited(request, asyncio.wrap_future(answer), seconds)


async def _waited(request: Request, answer: asyncio.Future[dict[str, Any]], seconds: float) -> dict[str, Any]:
    """The answer, unless it takes too long or the asker leaves: then it is cancelled. Raises TimeoutError."""
    leaves = asyncio.create_task(_left(request))
    try:
        await asyncio.wait((answer, leaves), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
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


def _object(body: bytes) -> dict[str, Any]:
    """What a question is made of. Raises BadRequestError."""
    try:
        fields = json.loads(body.decode("utf-8"))
        # Half a character, as JSON may hold, could not be told again.
        json.dumps(fields, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise BadRequestError("A question must be JSON.") from None
    if not isinstance(fields, dict):
        raise BadRequestError('A question must be an object such as {"question": "predict"}.')
    return fields
