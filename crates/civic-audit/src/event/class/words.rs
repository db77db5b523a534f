//! The words of each class: its name and action in an entry, its policy, its retention, and its own fields.

use super::{
    AccessDenied, AuditMeta, Auth, Class, DataAccess, DataChange, Deployment, Disclosure, Erasure,
    FlagChange, HealthTransition, MayBeLost, OpensRecord, PrivilegeChange, Right, ServiceLifecycle,
    Transition, sealed,
};
use crate::event::{Actor, Outcome, Policy, Purpose, Retention, Subject};
use crate::json::Object;

/// The policy for a record of a person: whoever is not that person themself must not see it without an entry.
fn by_actor(actor: &Actor) -> Policy {
    if actor.is_citizen() {
        Policy::Spool
    } else {
        Policy::FailClosed
    }
}

/// The fields that most classes about a record have.
macro_rules! record_class {
    ($name:ident, $class:literal, $action:literal, $retention:ident, $purpose:ident, |$self:ident| $policy:expr, |$me:ident, $object:ident| $write:block) => {
        impl sealed::Sealed for $name {}
        impl OpensRecord for $name {}
        impl Class for $name {
            const CLASS: &'static str = $class;
            const ACTION: &'static str = $action;
            const RETENTION: Retention = Retention::$retention;

            fn policy(&self) -> Policy {
                let $self = self;
                $policy
            }

            fn actor(&self) -> &Actor {
                &self.actor
            }

            fn subject(&self) -> Option<&Subject> {
                Some(&self.subject)
            }

            fn purpose(&self) -> Option<&Purpose> {
                Some(&self.$purpose)
            }

            fn write(&self, object: &mut Object<'_>) {
                object.texts("fields", self.fields);
                let ($me, $object) = (self, object);
                $write
            }
        }
    };
}

record_class!(
    DataAccess,
    "data_access",
    "record.view",
    Access,
    purpose,
    |it| by_actor(&it.actor),
    |_me, _object| {}
);
record_class!(
    DataChange,
    "data_change",
    "record.change",
    Change,
    purpose,
    |it| by_actor(&it.actor),
    |_me, _object| {}
);
record_class!(
    Erasure,
    "erasure",
    "record.erase",
    Change,
    basis,
    |_it| Policy::FailClosed,
    |_me, _object| {}
);
record_class!(
    Disclosure,
    "disclosure",
    "record.disclose",
    Change,
    purpose,
    |_it| Policy::FailClosed,
    |me, object| {
        object.text("recipient", me.recipient.as_str());
    }
);

/// The classes that are about no record.
macro_rules! class {
    ($name:ident, $class:literal, $action:literal, $retention:ident, $policy:ident, $actor:ident, |$me:ident, $object:ident| $write:block $(, $more:item)*) => {
        impl sealed::Sealed for $name {}
        impl Class for $name {
            const CLASS: &'static str = $class;
            const ACTION: &'static str = $action;
            const RETENTION: Retention = Retention::$retention;
            $($more)*

            fn policy(&self) -> Policy {
                Policy::$policy
            }

            fn actor(&self) -> &Actor {
                &self.$actor
            }

            fn write(&self, object: &mut Object<'_>) {
                let ($me, $object) = (self, object);
                $write
            }
        }
    };
}

class!(
    AccessDenied,
    "access_denied",
    "access.denied",
    Security,
    FailClosed,
    actor,
    |me, object| {
        object.text("attempted", me.attempted);
        object.text("reason", me.reason);
    },
    const OUTCOME: Outcome = Outcome::Refused;,
    fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }
);

class!(
    Auth,
    "auth",
    "auth",
    Security,
    Spool,
    actor,
    |me, object| {
        object.text("step", me.step);
        object.text("method", me.method);
    }
);

class!(
    PrivilegeChange,
    "privilege_change",
    "privilege.change",
    Security,
    FailClosed,
    actor,
    |me, object| {
        object.text("target", me.target.as_str());
        let (way, right) = match &me.right {
            Right::Granted(right) => ("granted", right),
            Right::Revoked(right) => ("revoked", right),
        };
        object.text(way, right.as_str());
    },
    fn purpose(&self) -> Option<&Purpose> {
        Some(&self.purpose)
    }
);

class!(
    Deployment,
    "deployment",
    "deployment.recorded",
    Operations,
    FailClosed,
    deployer,
    |me, object| {
        object.object("approver", |inner| me.approver.write(inner));
        object.text("run", me.run.as_str());
        object.text("commit", me.commit.as_str());
        object.text("image", me.image.as_str());
        object.text("configuration", me.configuration.as_str());
        object.text("environment", me.environment.as_str());
    }
);

class!(
    FlagChange,
    "flag_change",
    "flag.change",
    Operations,
    FailClosed,
    actor,
    |me, object| {
        object.text("flag", me.flag.as_str());
        object.text("from", me.from.as_str());
        object.text("to", me.to.as_str());
    },
    fn purpose(&self) -> Option<&Purpose> {
        Some(&self.purpose)
    }
);

class!(
    ServiceLifecycle,
    "service_lifecycle",
    "service.lifecycle",
    Operations,
    Spool,
    actor,
    |me, object| {
        object.text(
            "transition",
            match me.transition {
                Transition::Started => "started",
                Transition::Stopping => "stopping",
                Transition::Stopped => "stopped",
                Transition::Reconfigured => "reconfigured",
            },
        );
    }
);

class!(
    HealthTransition,
    "health_transition",
    "health.transition",
    Operations,
    Spool,
    actor,
    |me, object| {
        object.text("dependency", me.dependency.as_str());
        object.text("from", me.from);
        object.text("to", me.to);
        object.text("reason", me.reason);
    }
);

class!(
    AuditMeta,
    "audit_meta",
    "audit",
    Trail,
    FailClosed,
    actor,
    |me, object| {
        object.text("what", me.what);
    },
    fn purpose(&self) -> Option<&Purpose> {
        Some(&self.purpose)
    }
);

impl MayBeLost for Auth {}
impl MayBeLost for HealthTransition {}
impl MayBeLost for ServiceLifecycle {}
