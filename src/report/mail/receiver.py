"""Takes mails like a mail server, on a free port, and prints what arrived as one line of JSON each."""
import asyncio, email, email.policy, json, sys
from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 <nobody@acme.example> is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = [{"type": p.get_content_type(), "name": p.get_filename(), "text": p.get_content() if not p.is_multipart()
                  and p.get_content_maintype() == "text" else None} for p in mail.walk()]
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "parts": parts,
                          "headers": {name: str(value) for name, value in mail.items()}}), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == b"right p@ss", handled=False)


async def main():
    session = lambda: SMTP(Handler(), authenticator=authenticate, auth_require_tls=False)
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Ends with the test: its end of the pipe closes then.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

asyncio.run(main())
