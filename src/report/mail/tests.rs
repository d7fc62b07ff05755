//! Mails as they are made, and as they arrive in the folder. `tests/it/mail` sends them to a real mail server.

use std::fs;

use super::super::sample::full;
use super::*;

fn mail() -> Mail {
    let to = ["Çağla Öz <hr@acme.example>".to_owned(), "it@acme.example".to_owned()];
    Mail::of(full(), "Rollbook <rollbook@acme.example>", &to, Forms { csv: true, xlsx: false }).unwrap()
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connection_that_is_not_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = SmtpSettings::parse(&format!("smtp://127.0.0.1:{free}")).unwrap();
    let NotTaken { failure, concern } = Line::to(&server).send("a@b.example", "c@d.example", "").await.unwrap_err();
    assert_eq!((failure, concern), (SmtpFailure::Connection, Concern::Everybody));
}

#[tokio::test]
async fn the_folder_gets_mail_page_and_sheet_and_no_halves() {
    let home = tempfile::tempdir().unwrap();
    let outbox = home.path().join("new/outbox");
    assert_eq!(write_to_folder(&outbox, &mail()).await.unwrap(), outbox.join("01JNB4Y6V7.eml"));
    write_to_folder(&outbox, &mail()).await.unwrap();

    let mut names: Vec<_> = fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["01JNB4Y6V7.csv", "01JNB4Y6V7.eml", "01JNB4Y6V7.html"]);
    assert_eq!(fs::read_to_string(outbox.join("01JNB4Y6V7.html")).unwrap(), mail().html.unwrap());
}

#[tokio::test]
async fn a_run_id_cannot_lead_out_of_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let outbox = home.path().join("outbox");
    let written = write_to_folder(&outbox, &Mail { name: "../../run".to_owned(), ..mail() }).await.unwrap();
    assert_eq!(written, outbox.join("------run.eml"));
}

#[tokio::test]
async fn an_outbox_that_cannot_be_written_is_named_with_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("a-file");
    fs::write(&file, "").unwrap();
    let error = write_to_folder(&file.join("outbox"), &mail()).await.unwrap_err();
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

#[test]
fn an_address_gets_a_mail_once_however_it_is_written_and_what_is_none_keeps_it_from_nobody() {
    let to = ["HR <hr@acme.example>", "hr at acme", "HR@Acme.example", "zoë@acme.example", "it@acme.example"];
    let (fit, unfit) = sort_out(&to.map(str::to_owned));
    assert_eq!(fit, ["HR <hr@acme.example>", "it@acme.example"]);
    let unfit: Vec<String> = unfit.iter().map(ToString::to_string).collect();
    assert_eq!(unfit, ["recipient 2 is not a mail address", "recipient 4 is not a mail address"]);
}

#[test]
fn a_subject_of_any_length_is_in_lines_that_mail_servers_take() {
    for subject in ["x".repeat(5_000), "🎉".repeat(5_000), "=?utf-8?q?x?= ".repeat(500)] {
        let eml = String::from_utf8(Mail { subject, ..mail() }.to_eml().unwrap()).unwrap();
        let (headers, _) = eml.split_once("\r\n\r\n").unwrap();
        assert!(headers.lines().all(|line| line.len() < 998), "{headers}");
        assert!(!headers.contains("=?utf-8?q?x?="));
    }
}
