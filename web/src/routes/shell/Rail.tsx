/** The way to inbox and tickets, with the inbox's views and their counts. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { countsQuery } from "../../api/inbox";
import { Icon } from "../../components/Icon";
import { shownViews, viewCount } from "../inbox/views";

export function Rail() {
  const { t } = useTranslation();
  const counts = useQuery(countsQuery).data;
  return (
    <nav className="rail" aria-label={t("nav.main")}>
      <Link
        className="rail-link rail-head"
        to="/inbox"
        search={{ view: "mine" }}
        activeProps={{ "data-section": "true" }}
      >
        <Icon name="inbox" />
        {t("nav.inbox")}
      </Link>
      {shownViews(counts).map((view) => (
        <Link
          key={view}
          className="rail-link rail-view"
          to="/inbox"
          search={{ view }}
          activeProps={{ "data-active": "true" }}
          activeOptions={{ includeSearch: true }}
          data-testid={`view-${view}`}
        >
          <span className="one-line">{t(`view.${view}`)}</span>
          <span className="count">{viewCount(counts, view)}</span>
        </Link>
      ))}
      <Link
        className="rail-link rail-head"
        to="/tickets"
        activeProps={{ "data-active": "true" }}
        data-testid="nav-tickets"
      >
        <Icon name="ticket" />
        {t("nav.tickets")}
      </Link>
    </nav>
  );
}
