//! Cards that leave: a link with a picture, and a mini program. The picture is the agent's or the channel's icon;
//! without either the channel kind has one of its own.

use bytes::Bytes;

/// A picture that goes with a card.
#[derive(Debug, Clone)]
pub struct CardPicture {
    /// Its media type.
    pub mime: String,
    /// A name with the right extension.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// A card that leaves.
#[derive(Debug, Clone)]
pub struct OutgoingCard {
    /// What it says.
    pub card: Card,
    /// Its picture.
    pub picture: Option<CardPicture>,
}

/// What a card says.
#[derive(Debug, Clone)]
pub enum Card {
    /// A link with a picture.
    Link {
        /// Shown in bold.
        title: String,
        /// Shown below it.
        description: String,
        /// Where it leads.
        url: String,
    },
    /// A mini program.
    MiniProgram {
        /// Its title.
        title: String,
        /// The mini program.
        app_id: String,
        /// The page in it.
        page_path: String,
    },
}

/// A card whose picture is at the provider.
#[derive(Debug, Clone)]
pub struct PreparedCard {
    /// What it says.
    pub card: Card,
    /// Where the provider keeps the picture: an address or an id, as the kind of card needs it.
    pub picture: String,
}
