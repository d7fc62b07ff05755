//! A real mail server: Python's `aiosmtpd`, in a virtual environment that is made once below the target folder.
//!
//! Without Python the tests that need it are left out, and say so; `ROLLBOOK_INSIST_ON_SMTP=1` makes that a failure.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// The longest that anything is waited for: so long that only what never comes is missed.
const PATIENCE: Duration = Duration::from_secs(120);

/// What is installed: the server, and what makes certificates.
const PACKAGES: [&str; 2] = ["aiosmtpd>=1.4.6,<2", "trustme>=1.1,<2"];

/// What kind of server it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Takes mail from anybody, unencrypted.
    Open,
    /// Asks for a password, unencrypted.
    Login,
    /// Asks for STARTTLS and a password.
    StartTls,
    /// Encrypted from the first byte, and asks for a password.
    Wrapped,
    /// Lets everybody connect and says nothing.
    Silent,
}

/// The server. Dropping it ends it.
pub(crate) struct MailServer {
    child: Child,
    stdin: ChildStdin,
    told: Receiver<Json>,
    port: u64,
    kind: Kind,
    folder: TempDir,
    /// How often it was asked to behave, and did so.
    asked: usize,
    obeyed: Cell<usize>,
}

impl MailServer {
    /// Nothing where there is no Python, and need not be.
    pub(crate) fn start(kind: Kind) -> Option<Self> {
        let python = PYTHON.as_ref()?;
        let folder = tempfile::tempdir().unwrap();
        let (tls, login) = match kind {
            Kind::Open => ("none", false),
            Kind::Login => ("none", true),
            Kind::StartTls => ("starttls", true),
            Kind::Wrapped => ("wrapped", true),
            Kind::Silent => ("silent", false),
        };
        let asked = json!({ "tls": tls, "login": login, "authority": folder.path().join("authority.pem") }).to_string();
        let mut python = Command::new(python);
        let python = python.args(["-W", "ignore", "-c", include_str!("server.py"), &asked]);
        let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (tell, told) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = tell.send(serde_json::from_str(&line).unwrap());
            }
        });
        let mut server = Self { child, stdin, told, port: 0, kind, folder, asked: 0, obeyed: Cell::new(0) };
        server.port = server.next("listening")["port"].as_u64().unwrap();
        Some(server)
    }

    /// What leads a program here: the address with the right password, and the certificate's authority.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        self.settings_with("right%20p%40ss")
    }

    /// The same with another password.
    pub(crate) fn settings_with(&self, password: &str) -> Vec<(&'static str, String)> {
        let port = self.port;
        let url = match self.kind {
            Kind::Open | Kind::Silent => format!("smtp://127.0.0.1:{port}?timeout=2s"),
            Kind::Login => format!("smtp://rollbook:{password}@127.0.0.1:{port}"),
            Kind::StartTls => format!("smtp://rollbook:{password}@127.0.0.1:{port}?tls=required"),
            Kind::Wrapped => format!("smtps://rollbook:{password}@127.0.0.1:{port}"),
        };
        let authority = self.folder.path().join("authority.pem").display().to_string();
        vec![("ROLLBOOK_SMTP_URL", url), ("SSL_CERT_FILE", authority)]
    }

    /// The same, for a program that waits as long as a test holds the answer back.
    pub(crate) fn patient_settings(&self) -> Vec<(&'static str, String)> {
        vec![("ROLLBOOK_SMTP_URL", format!("smtp://127.0.0.1:{}?timeout=600s", self.port))]
    }

    /// Lets it do otherwise from now on: `refuse` (answers by address), `sender` (answer), `data` (answer, or `hold`, `drop`,
    /// `drop before`).
    pub(crate) fn behave(&mut self, behaviour: &Json) {
        writeln!(self.stdin, "{behaviour}").unwrap();
        self.asked += 1;
    }

    /// Waits for the next event of a kind; those before it are skipped.
    #[track_caller]
    pub(crate) fn next(&self, event: &str) -> Json {
        loop {
            let told = self.hear(event);
            if told["event"] == event {
                return told;
            }
        }
    }

    /// Every mail that has arrived and was not asked for before.
    pub(crate) fn arrived(&mut self) -> Vec<Json> {
        // What it has told until it answers is all there is.
        self.behave(&json!({}));
        let mut arrived = Vec::new();
        while self.obeyed.get() < self.asked {
            arrived.extend(Some(self.hear("obeyed")).filter(|told| told["event"] == "arrived"));
        }
        arrived
    }

    /// The next that it tells.
    #[track_caller]
    fn hear(&self, wanted: &str) -> Json {
        let told = self.told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("never: {wanted}"));
        self.obeyed.update(|times| times + usize::from(told["event"] == "obeyed"));
        told
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is in a part of a mail.
pub(crate) fn content(part: &Json) -> String {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(part["content"].as_str().unwrap()).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The Python that has the packages.
static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let made = environment();
    if let Err(why) = &made {
        let insist = std::env::var_os("ROLLBOOK_INSIST_ON_SMTP").is_some_and(|insist| insist == "1");
        assert!(!insist, "no mail server: {why}");
        // Past the harness, which hides what tests print that pass.
        let mut stderr = std::io::stderr();
        writeln!(stderr, "left out: every test with a mail server ({why}); see CONTRIBUTING.md").unwrap();
    }
    made.ok()
});

fn environment() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mail-server");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    // Two test processes would make it at the same time.
    let lock = File::create(folder.join("made-by-one.lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let python = folder.join("bin/python");
    let works = || done(Command::new(&python).args(["-c", "import aiosmtpd, trustme"])).is_ok();
    if !works() {
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        done(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
    }
    Ok(python)
}

fn done(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(said.lines().last().unwrap_or("it failed").to_owned()) }
}
