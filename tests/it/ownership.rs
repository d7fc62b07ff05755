//! With `ownership: added` only what we added is ever taken away, whatever else we wrote to the same field.

use rollbook::connector::directory::DirectoryTarget;
use rollbook::connector::{Target, Write};
use rollbook::model::{Cell, FieldName, UserId, UserLayout, Value};
use rollbook::problem::Problems;
use rollbook::run::load::load;
use serde_json::Value as Json;

use crate::kept::{Kept, on_both};
use crate::program::Program;

const PEOPLE: &str = "recipes/demo/people.json";

fn directory(program: &Program) -> DirectoryTarget {
    let recipe = load(&program.path("recipes/demo.yaml"), &mut Problems::new()).unwrap();
    DirectoryTarget::open(&recipe.target).unwrap()
}

/// Whom each user's `additional_managers` leads to.
async fn additional_managers(target: &dyn Target) -> Vec<(UserId, Vec<UserId>)> {
    let layout = UserLayout::with_groups(vec![FieldName::new("additional_managers")]);
    let users = target.users(&layout).await.unwrap().into_iter();
    let managers = users.map(|user| match &user.cells[0] {
        Cell::Value(Value::List(people)) => (user.id, people.iter().map(|one| UserId::from(&**one)).collect()),
        _ => (user.id, Vec::new()),
    });
    managers.collect()
}

/// Gives the employee with this address another second-level manager.
fn answer_to(program: &Program, address: &str, manager: &Json) {
    let mut people: Json = serde_json::from_str(&program.read(PEOPLE)).unwrap();
    for person in people["employees"].as_array_mut().unwrap() {
        if person["email"] == address {
            person["work"]["secondLevelManager"] = manager.clone();
            person["/work/secondLevelManager"] = serde_json::json!({ "value": manager });
        }
    }
    program.write(PEOPLE, people.to_string());
}

async fn an_additional_manager_added_by_hand_survives_every_change_of_ours(kept: Kept) {
    let program = Program::demo_with(kept);
    program.replace("recipes/demo.yaml", "ownership: rules", "ownership: added");
    program.sync(&[]).expect_code(0);
    let target = directory(&program);
    let (user, ours) =
        additional_managers(&target).await.into_iter().find(|(_, managers)| managers.len() == 1).unwrap();
    let accounts = target.accounts().await.unwrap();
    let login = accounts.iter().find(|account| account.id == user).unwrap().login.to_string();
    let mut others = accounts.iter().map(|account| &account.id).filter(|id| **id != user && !ours.contains(id));
    let by_hand = others.next().unwrap().clone();
    let to = [ours.clone(), vec![by_hand.clone()]].concat();
    let field = FieldName::new("additional_managers");
    target
        .write(&[Write::SetReferences { user: user.clone(), field, from: Vec::new(), to }])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    drop(target);

    let links = program.run(&["users", "recipes/demo.yaml", "--format", "json"]).stdout;
    let links: Vec<Json> = serde_json::from_str(&links).unwrap();
    let employee =
        |id: &UserId| links.iter().find(|link| link["user_id"] == id.as_str()).unwrap()["employee_id"].clone();
    for next in others.take(3) {
        answer_to(&program, &login, &employee(next));
        program.sync(&[]).expect_code(0).shows("1 updated");
        let managers = additional_managers(&directory(&program)).await;
        let (_, managers) = managers.into_iter().find(|(id, _)| *id == user).unwrap();
        assert_eq!(managers.len(), 2, "the one of HiBob and the one added by hand");
        assert!(managers.contains(next) && managers.contains(&by_hand), "{managers:?}");
    }
    answer_to(&program, &login, &Json::Null);
    program.sync(&[]).expect_code(0);
    let managers = additional_managers(&directory(&program)).await;
    assert!(managers.contains(&(user, vec![by_hand])), "only the one added by hand is left");
}

on_both!(an_additional_manager_added_by_hand_survives_every_change_of_ours);
