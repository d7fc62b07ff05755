//! The plain values everything else talks in. No IO, no file formats, no vendor.
//!
//! Reading order: [`value`] (what a cell holds), [`cells`] (those of many people), [`field`] (what source and target offer),
//! [`record`] (an employee), [`user`] (an account), [`known`] (what listings leave out), [`plan`] (what is to change, and why),
//! [`outcome`] (what became of it), [`reporting`] (how that is told).

pub mod cells;
pub mod field;
pub mod hold;
pub mod known;
pub mod outcome;
pub mod places;
pub mod plan;
pub mod record;
pub mod reporting;
pub mod settings;
pub mod user;
pub mod value;

pub use cells::{Cells, CellsBuilder};
pub use field::{
    Choice, CustomNames, FieldName, FieldPath, GroupSupport, Section, SourceCatalogue, SourceField, TargetCatalogue,
    TargetField, TargetType, ValueType,
};
pub use hold::{LimitKind, Tripped};
pub use known::{Known, Unlisted};
pub use outcome::{Finding, Outcome, OutcomeKind, Whose};
pub use places::Places;
pub use plan::{Origin, Plan, Reason};
pub use record::{Column, EmployeeId, Form, Record, RecordLayout, Roster, Slot, UnreadableRecord};
pub use reporting::{Language, Privacy, SheetColumn};
pub use settings::ConnectorSettings;
pub use user::{Access, Group, GroupId, GroupKind, Membership, User, UserId, UserLayout, UserStatus};
pub use value::{Cell, Number, Value};

/// A newtype over shared text: cheap to clone, ordered, printed as it is.
macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// Wraps text as it is; nothing is checked.
            #[must_use]
            pub fn new(text: impl Into<std::sync::Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The shared text, for keeping without another allocation.
            #[must_use]
            pub fn shared(&self) -> &std::sync::Arc<str> {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{:?}", &self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
    };
}
pub(crate) use text_newtype;
