//! The account's menu: one for everybody, and personalised ones for those who match a rule. Making one by this
//! interface is the only way while pushes are enabled; phones show it within five minutes.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::{Effect, text};
use super::menu_button::{MenuButton, MenuItem, checked};
use super::{Client, Error};
use crate::{OpenId, TagId};

/// Whom a personalised menu is for. All parts that are filled must match; at least one must be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MatchRule {
    /// Followers with this tag.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    pub tag_id: Option<TagId>,
    /// Phones of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_platform_type: Option<ClientPlatform>,
}

/// A kind of phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ClientPlatform {
    /// iPhones.
    #[serde(rename = "1")]
    Ios,
    /// Android.
    #[serde(rename = "2")]
    Android,
    /// Others.
    #[serde(rename = "3")]
    Other,
}

/// The number of a personalised menu.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MenuId(pub String);

/// The menus of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menus {
    /// The one for everybody.
    pub buttons: Vec<MenuItem>,
    /// Personalised ones, the newest first.
    pub conditional: Vec<ConditionalMenu>,
}

/// A personalised menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionalMenu {
    /// Its number.
    pub id: MenuId,
    /// Its items.
    pub buttons: Vec<MenuItem>,
    /// Whom it is for, as WeChat returns it.
    pub match_rule: serde_json::Value,
}

/// The menu in force, however it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentMenu {
    /// Whether it is shown.
    pub open: bool,
    /// Its items.
    pub buttons: Vec<MenuItem>,
}

#[derive(Deserialize)]
struct MenusAnswer {
    menu: Buttons,
    #[serde(default)]
    conditionalmenu: Vec<ConditionalAnswer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Buttons {
    button: Vec<MenuItem>,
}

#[derive(Deserialize)]
struct ConditionalAnswer {
    #[serde(deserialize_with = "text")]
    menuid: String,
    #[serde(default)]
    button: Vec<MenuItem>,
    #[serde(default)]
    matchrule: serde_json::Value,
}

#[derive(Deserialize)]
struct MadeAnswer {
    #[serde(deserialize_with = "text")]
    menuid: String,
}

/// The items, directly or inside `menu`.
#[derive(Deserialize)]
struct MatchAnswer {
    button: Option<Vec<MenuItem>>,
    menu: Option<Buttons>,
}

#[derive(Deserialize)]
struct CurrentAnswer {
    #[serde(default)]
    is_menu_open: u8,
    #[serde(default)]
    selfmenu_info: Buttons,
}

fn as_text<S: serde::Serializer>(id: &Option<TagId>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => serializer.collect_str(id),
        None => serializer.serialize_none(),
    }
}

impl Client {
    /// Makes the menu for everybody: 1 to 3 items, each with up to 5 below it.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html>.
    /// Limits: 2000 a day; names 16 bytes (below an item 60), keys 128, addresses 1024. Errors: 40015 to 40028,
    /// 40054, 40055, 45064, 48001.
    pub async fn create_menu(&self, buttons: &[MenuButton]) -> Result<(), Error> {
        let body = json!({ "button": checked(buttons)? });
        self.change("/cgi-bin/menu/create", &body, Effect::Repeatable)
            .await
    }

    /// The menus that were made by this interface; none when there are none (46003).
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_getmenu.html>.
    pub async fn menus(&self) -> Result<Option<Menus>, Error> {
        let answer: MenusAnswer = match self.get("/cgi-bin/menu/get", Vec::new()).await {
            Err(error) if error.api_code() == Some(46003) => return Ok(None),
            outcome => outcome?,
        };
        let conditional = answer.conditionalmenu.into_iter().map(|menu| ConditionalMenu {
            id: MenuId(menu.menuid),
            buttons: menu.button,
            match_rule: menu.matchrule,
        });
        Ok(Some(Menus {
            buttons: answer.menu.button,
            conditional: conditional.collect(),
        }))
    }

    /// Deletes the menu, the personalised ones too.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_deletemenu.html>.
    pub async fn delete_menu(&self) -> Result<(), Error> {
        let done: super::call::Done = self.get("/cgi-bin/menu/delete", Vec::new()).await?;
        done.ok().map_err(Error::of_repeatable_call)
    }

    /// Makes a personalised menu. There must be one for everybody (65303).
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu.html>.
    /// Limits: 2000 a day. Errors: 65301 to 65317.
    pub async fn add_conditional_menu(
        &self,
        buttons: &[MenuButton],
        rule: &MatchRule,
    ) -> Result<MenuId, Error> {
        if *rule == MatchRule::default() {
            return Err(Error::Invalid {
                field: "matchrule",
                rule: "needs at least one condition",
            });
        }
        let body = json!({ "button": checked(buttons)?, "matchrule": rule });
        let made: MadeAnswer = self
            .post("/cgi-bin/menu/addconditional", &body, Effect::Once)
            .await?;
        Ok(MenuId(made.menuid))
    }

    /// Deletes a personalised menu.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_deleteconditionalmenu.html>.
    /// Errors: 65301 (no such menu).
    pub async fn delete_conditional_menu(&self, id: &MenuId) -> Result<(), Error> {
        let body = json!({ "menuid": id.0 });
        self.change("/cgi-bin/menu/delconditional", &body, Effect::Repeatable)
            .await
    }

    /// Which menu a follower sees.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_trymatchmenu.html>.
    /// Errors: 65309 (personalised menus are off), 46004.
    pub async fn try_match_menu(&self, user: &OpenId) -> Result<Vec<MenuItem>, Error> {
        let body = json!({ "user_id": user });
        let answer: MatchAnswer = self
            .post("/cgi-bin/menu/trymatch", &body, Effect::Repeatable)
            .await?;
        let inside = answer.menu.map(|menu| menu.button);
        answer.button.or(inside).ok_or(Error::Decode)
    }

    /// The menu in force, whether it was made by this interface or in the web console.
    ///
    /// Vendor page: <https://developers.weixin.qq.com/doc/service/api/custommenu/api_getcurrentselfmenuinfo.html>.
    pub async fn current_menu(&self) -> Result<CurrentMenu, Error> {
        let answer: CurrentAnswer = self.get("/cgi-bin/get_current_selfmenu_info", Vec::new()).await?;
        Ok(CurrentMenu {
            open: answer.is_menu_open == 1,
            buttons: answer.selfmenu_info.button,
        })
    }
}
