//! Mails as they arrive: at a real mail server, and in the folder.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::super::sample::full;
use super::*;

const PASSWORD: &str = "right%20p%40ss";

/// A mail server of Python's that ends with the test.
struct Receiver {
    child: Child,
    lines: BufReader<ChildStdout>,
    port: String,
}

impl Receiver {
    /// `None`, and a line that says so, where Python or its `aiosmtpd` is missing.
    #[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
    fn start() -> Option<Self> {
        let mut python = Command::new("python3");
        let python = python.args(["-c", include_str!("receiver.py")]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let started = python.stderr(Stdio::null()).spawn().ok().and_then(|mut child| {
            let mut lines = BufReader::new(child.stdout.take()?);
            let port = read_line(&mut lines);
            (!port.is_empty()).then_some(Self { child, lines, port })
        });
        if started.is_none() {
            eprintln!("LEFT OUT: no mail server to send to; it needs python3 and `pip install aiosmtpd`");
        }
        started
    }

    fn mailer(&self, user_and_password: &str, query: &str) -> Mailer {
        let url = format!("smtp://{user_and_password}127.0.0.1:{}{query}", self.port);
        Mailer::from_settings(Some(&url), Path::new("unused")).unwrap()
    }

    fn arrived(&mut self) -> serde_json::Value {
        serde_json::from_str(&read_line(&mut self.lines)).unwrap()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_line(lines: &mut impl BufRead) -> String {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

fn mail() -> Mail {
    let to = ["Çağla Öz <hr@acme.example>".to_owned(), "it@acme.example".to_owned()];
    Mail::of(full(), "Rollbook <rollbook@acme.example>", &to, Forms { csv: true, xlsx: false }).unwrap()
}

#[tokio::test]
async fn a_mail_server_gets_text_page_and_sheet_with_every_header() {
    let Some(mut receiver) = Receiver::start() else { return };
    let mut sent = mail();
    sent.subject = "[acme] été – 日本語 – 12 created".to_owned();
    assert_eq!(receiver.mailer(&format!("rollbook:{PASSWORD}@"), "").send(&sent).await.unwrap(), Sent::Smtp);

    let arrived = receiver.arrived();
    assert_eq!(arrived["to"], serde_json::json!(["hr@acme.example", "it@acme.example"]));
    let headers = &arrived["headers"];
    assert_eq!(headers["Subject"], "[acme] été – 日本語 – 12 created");
    assert_eq!(headers["To"], "Çağla Öz <hr@acme.example>, it@acme.example");
    assert_eq!(headers["Auto-Submitted"], "auto-generated");
    assert_eq!(headers["List-Id"], "acme-360learning <acme-360learning.rollbook.acme.example>");
    assert_eq!(headers["Message-ID"], "<01JNB4Y6V7.acme-360learning@acme.example>");
    assert_eq!(headers["In-Reply-To"], "<acme-360learning.reports@acme.example>");
    assert_eq!(headers["References"], headers["In-Reply-To"]);
    assert_eq!(headers["Date"], "Mon, 02 Mar 2026 01:01:04 +0000");

    let parts = arrived["parts"].as_array().unwrap();
    let types: Vec<_> = parts.iter().map(|part| part["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/csv"]);
    let text_of = |index: usize| parts[index]["text"].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(text_of(2).trim_end(), sent.text.trim_end());
    assert_eq!(text_of(3).trim_end(), sent.html.unwrap().trim_end());
    assert_eq!(parts[4]["name"], "01JNB4Y6V7.csv");
    assert!(text_of(4).contains("Zoë Ångström"));
}

#[tokio::test]
async fn a_wrong_password_is_named_without_being_told() {
    let Some(receiver) = Receiver::start() else { return };
    let error = receiver.mailer("rollbook:hunter2@", "").send(&mail()).await.unwrap_err();
    assert_eq!(error.to_string(), "the mail server did not take the mail: it answered with code 535");
    assert_eq!(error.help(), "see that user and password in `ROLLBOOK_SMTP_URL` are right");
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_refused_recipient_does_not_appear_in_the_error() {
    let Some(receiver) = Receiver::start() else { return };
    let refused = Mail { to: vec!["nobody@acme.example".to_owned()], ..mail() };
    let error = receiver.mailer("", "").send(&refused).await.unwrap_err();
    assert_eq!(error.to_string(), "the mail server did not take the mail: it answered with code 550");
    assert!(!format!("{error:?}").contains("nobody"));
}

#[tokio::test]
async fn nothing_is_sent_where_encryption_is_required_and_missing() {
    let Some(receiver) = Receiver::start() else { return };
    let error = receiver.mailer("", "?tls=required").send(&mail()).await.unwrap_err();
    assert!(matches!(error, MailError::Smtp(SmtpFailure::Tls)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connection_that_is_not_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mailer = Mailer::from_settings(Some(&format!("smtp://127.0.0.1:{free}")), Path::new("unused")).unwrap();
    let error = mailer.send(&mail()).await.unwrap_err();
    assert!(matches!(error, MailError::Smtp(SmtpFailure::Connection)), "{error:?}");
}

#[test]
fn a_password_never_leaves_unencrypted_and_is_never_printed() {
    let parse = SmtpSettings::parse;
    for good in ["smtps://u:hunter2@mail.example", "smtp://u:hunter2@mail.example:587", "smtp://mail.example?tls=none"]
    {
        let settings = parse(good).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
    let bad = [
        "smtp://u:hunter2@mail.example?tls=none",
        "smtp://u:hunter2@mail.example?tls=opportunistic",
        "smtp://u:hunter2@mail.example#@localhost",
        "http://u:hunter2@mail.example",
        "smtp://u:hunter2@",
        "smtp://u:hunter2@mail.example:many",
        "hunter2",
    ];
    for url in bad {
        let error = parse(url).unwrap_err();
        assert!(matches!(error, MailError::Settings(_)), "{url}");
        assert!(!format!("{error} {error:?} {}", error.help()).contains("hunter2"), "{url}");
    }
}

#[test]
fn without_a_url_mails_go_to_the_folder() {
    for url in [None, Some(""), Some("  ")] {
        assert!(matches!(Mailer::from_settings(url, Path::new("outbox")).unwrap(), Mailer::Folder(_)));
    }
}

#[tokio::test]
async fn the_folder_gets_mail_page_and_sheet_and_no_halves() {
    let home = tempfile::tempdir().unwrap();
    let outbox = home.path().join("new/outbox");
    let mailer = Mailer::Folder(outbox.clone());
    let sent = mailer.send(&mail()).await.unwrap();
    assert_eq!(sent, Sent::File(outbox.join("01JNB4Y6V7.eml")));
    mailer.send(&mail()).await.unwrap();

    let mut names: Vec<_> = fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["01JNB4Y6V7.csv", "01JNB4Y6V7.eml", "01JNB4Y6V7.html"]);
    assert_eq!(fs::read_to_string(outbox.join("01JNB4Y6V7.html")).unwrap(), mail().html.unwrap());
}

#[tokio::test]
async fn a_run_id_cannot_lead_out_of_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let outbox = home.path().join("outbox");
    let sent = Mailer::Folder(outbox.clone()).send(&Mail { name: "../../run".to_owned(), ..mail() }).await.unwrap();
    assert_eq!(sent, Sent::File(outbox.join("------run.eml")));
}

#[tokio::test]
async fn an_outbox_that_cannot_be_written_is_named_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("a-file");
    fs::write(&file, "").unwrap();
    let error = Mailer::Folder(file.join("outbox")).send(&mail()).await.unwrap_err();
    assert!(error.to_string().starts_with("cannot write the report to `"), "{error}");
    assert!(error.to_string().contains("a-file/outbox`: "), "{error}");
    assert!(error.help().contains("--outbox"));
}

#[test]
fn what_is_no_address_is_named_by_its_place() {
    let error = |mail: Mail| mail.to_eml().unwrap_err().to_string();
    assert_eq!(error(Mail { from: "hr at acme".to_owned(), ..mail() }), "the sender is not a mail address");
    let to = vec!["hr@acme.example".to_owned(), "hr@@acme".to_owned()];
    assert_eq!(error(Mail { to, ..mail() }), "recipient 2 is not a mail address");
    assert_eq!(error(Mail { to: Vec::new(), ..mail() }), "the mail has no recipients");
}

#[test]
fn a_subject_cannot_add_a_header() {
    let subject = "[acme] refused: x\r\nBcc: spy@evil.example".to_owned();
    let eml = String::from_utf8(Mail { subject, ..mail() }.to_eml().unwrap()).unwrap();
    assert!(!eml.lines().any(|line| line.starts_with("Bcc")));
}

#[test]
fn an_attached_file_can_be_taken_out_of_the_mail_as_it_was() {
    let mut content = Content::default();
    (0..40_000_u32).for_each(|number| std::io::Write::write_all(&mut content, &number.to_le_bytes()).unwrap());
    let attachments = vec![Attachment {
        name: "numbers.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        content: content.clone(),
    }];
    let eml = String::from_utf8(Mail { attachments, ..mail() }.to_eml().unwrap()).unwrap();

    let (_, part) = eml.split_once("filename=\"numbers.csv\"").unwrap();
    let (headers, rest) = part.split_once("\r\n\r\n").unwrap();
    assert!(headers.contains("Content-Transfer-Encoding: base64"), "{headers}");
    let (body, end) = rest.split_once("\r\n--").unwrap();
    assert!(end.ends_with("--\r\n"));
    assert!(body.lines().all(|line| line.len() <= 76));
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, body.replace("\r\n", ""));
    assert_eq!(decoded.unwrap(), content.blocks().collect::<Vec<_>>().concat());
}
