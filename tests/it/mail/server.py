"""A mail server on a free port, which does what a test asks of it, line by line on stdin, and tells what happens.

Every line either way is one JSON object. What arrived is read by Python's own parser of mails. Ends with its stdin.
"""
import asyncio, base64, email, email.policy, json, ssl, sys
import trustme
from aiosmtpd.smtp import SMTP, AuthResult

asked = json.loads(sys.argv[1])
behaviour = {"refuse": {}, "sender": None, "data": None}
changed = asyncio.Event()


def tell(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


def headers_of(mail):
    return {name: str(value) for name, value in mail.items()}


def people(mail, header):
    return [[address.display_name, address.addr_spec] for address in mail[header].addresses]


def part_of(part):
    content = None if part.is_multipart() else base64.b64encode(part.get_payload(decode=True)).decode()
    return {"type": part.get_content_type(), "name": part.get_filename(), "content": content,
            "disposition": part.get_content_disposition(), "defects": [str(defect) for defect in part.defects]}


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if behaviour["sender"]:
            return behaviour["sender"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = behaviour["refuse"].get(address)
        tell("recipient", to=address, refused=bool(refusal))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        if behaviour["data"] == "drop before":
            server.transport.abort()
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        tell("data", to=envelope.rcpt_tos, id=mail["Message-ID"])
        while behaviour["data"] == "hold":
            changed.clear()
            await changed.wait()
        if behaviour["data"] == "drop":
            server.transport.abort()
        if behaviour["data"]:
            return behaviour["data"] if behaviour["data"][0].isdigit() else "451 gone"
        tell("arrived", sender=envelope.mail_from, to=envelope.rcpt_tos, id=mail["Message-ID"], headers=headers_of(mail),
             people={header: people(mail, header) for header in ("From", "To")},
             parts=[part_of(part) for part in mail.walk()], defects=[str(defect) for defect in mail.defects],
             ascii=envelope.content.isascii(), longest=max(map(len, envelope.content.split(b"\r\n"))),
             connection=session.peer[1], encrypted=session.ssl is not None or asked["tls"] == "wrapped",
             login=session.authenticated)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"rollbook" and data.password == b"right p@ss"
    tell("login", right=right)
    return AuthResult(success=right, handled=False)


def certificate():
    authority = trustme.CA()
    authority.cert_pem.write_to_path(asked["authority"])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


async def obey():
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        behaviour.update(json.loads(line))
        changed.set()
        tell("obeyed")


async def say_nothing(reader, writer):
    tell("connected")
    await reader.read()


async def main():
    context = certificate() if asked["tls"] in ("starttls", "wrapped") else None
    options = {"authenticator": authenticate, "auth_required": asked["login"], "auth_require_tls": asked["tls"] == "starttls"}
    if asked["tls"] == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    session = lambda: SMTP(Handler(), **options)
    loop = asyncio.get_running_loop()
    if asked["tls"] == "silent":
        server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    else:
        server = await loop.create_server(session, "127.0.0.1", 0, ssl=context if asked["tls"] == "wrapped" else None)
    tell("listening", port=server.sockets[0].getsockname()[1])
    await obey()

asyncio.run(main())
