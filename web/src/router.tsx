/** Every address of the console. Screens are loaded when they are first visited. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { ApiError, whenSignedOut } from "./api/client";
import { meQuery } from "./api/directory";
import { conversationQuery, listQuery } from "./api/inbox";
import type { ListFilter } from "./api/keys";
import { queryClient } from "./api/queryClient";
import { threadQuery } from "./api/thread";
import { priorities, statuses } from "./api/ticketWords";
import type {
  ConversationSort,
  ConversationView,
  Me,
  Permission,
  TicketPriority,
  TicketStatus,
} from "./api/types";
import { Crash, Forbidden, NotFound } from "./routes/errors/pages";

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Crash });

export interface SignInSearch {
  next?: string;
  left?: boolean;
  /** Why single sign-on did not work. */
  refused?: string;
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (search): SignInSearch => ({
    next: text(search.next),
    left: search.left === true || undefined,
    refused: text(search.refused),
  }),
  component: lazyRouteComponent(() => import("./routes/signin/SignIn"), "SignIn"),
});

async function loadMe(next: string): Promise<Me> {
  try {
    return await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      throw redirect({ to: "/signin", search: { next: next === "/" ? undefined : next } });
    }
    throw error;
  }
}

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/second-factor",
  validateSearch: (search): { next?: string } => ({ next: text(search.next) }),
  beforeLoad: async ({ location }) => void (await loadMe(location.href)),
  component: lazyRouteComponent(
    () => import("./routes/signin/NeedsSecondFactor"),
    "NeedsSecondFactor",
  ),
});

const firstRun = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  validateSearch: (search): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import("./routes/firstrun/FirstRun"), "FirstRun"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation/$token",
  component: lazyRouteComponent(() => import("./routes/firstrun/Invitation"), "Invitation"),
});

/** Everything that needs a login. */
const desk = createRoute({
  getParentRoute: () => root,
  id: "desk",
  beforeLoad: async ({ location }) => {
    const me = await loadMe(location.href);
    if (me.lacks_second_factor) {
      throw redirect({ to: "/second-factor", search: { next: location.href } });
    }
    return { me };
  },
  component: lazyRouteComponent(() => import("./routes/shell/Shell"), "Shell"),
});

const home = createRoute({
  getParentRoute: () => desk,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", search: { view: "mine" } });
  },
});

const views: ConversationView[] = ["mine", "unassigned", "all", "ended", "blocked"];

const sorts = ["oldest_waiting", "expiring"] as const;

export interface InboxSearch {
  view: ConversationView;
  responded?: boolean;
  q?: string;
  channel?: string;
  /** Absent: the newest first. */
  sort?: Exclude<ConversationSort, "recent">;
}

/** The list that the address of the inbox asks for. */
export const asListFilter = ({ view, responded, q, channel, sort }: InboxSearch): ListFilter => ({
  view,
  responded,
  q,
  channel_id: channel,
  sort,
});

const inbox = createRoute({
  getParentRoute: () => desk,
  path: "/inbox",
  validateSearch: (search): InboxSearch => ({
    view: views.find((view) => view === search.view) ?? "mine",
    responded: typeof search.responded === "boolean" ? search.responded : undefined,
    q: text(search.q),
    channel: text(search.channel),
    sort: sorts.find((sort) => sort === search.sort),
  }),
  loaderDeps: ({ search }) => search,
  // Begins to fetch while the screen itself is still loading, and when a link to it is hovered.
  loader: ({ deps }) => void queryClient.prefetchInfiniteQuery(listQuery(asListFilter(deps))),
  component: lazyRouteComponent(() => import("./routes/inbox/Inbox"), "Inbox"),
});

const conversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversationId",
  // A link to one message: the thread is loaded back to it.
  validateSearch: (search): { message?: string } => ({ message: text(search.message) }),
  loader: ({ params }) => {
    void queryClient.prefetchQuery(conversationQuery(params.conversationId));
    void queryClient.prefetchQuery(threadQuery(queryClient, params.conversationId));
  },
  component: lazyRouteComponent(
    () => import("./routes/inbox/ConversationPage"),
    "ConversationPage",
  ),
});

const noConversation = createRoute({
  getParentRoute: () => inbox,
  path: "/",
  component: lazyRouteComponent(() => import("./routes/inbox/NoConversation"), "NoConversation"),
});

export interface TicketsSearch {
  status?: TicketStatus;
  priority?: TicketPriority;
  department?: string;
  assignee?: string;
  q?: string;
  channel?: string;
}

const tickets = createRoute({
  getParentRoute: () => desk,
  path: "/tickets",
  validateSearch: (search): TicketsSearch => ({
    status: statuses.find((status) => status === search.status),
    priority: priorities.find((priority) => priority === search.priority),
    department: text(search.department),
    assignee: text(search.assignee),
    q: text(search.q),
    channel: text(search.channel),
  }),
  component: lazyRouteComponent(() => import("./routes/tickets/TicketList"), "TicketList"),
});

const ticket = createRoute({
  getParentRoute: () => desk,
  path: "/tickets/$ticketId",
  component: lazyRouteComponent(() => import("./routes/tickets/TicketPage"), "TicketPage"),
});

export type SearchScope = "message" | "contact" | "ticket";

const scopes: SearchScope[] = ["message", "contact", "ticket"];

export interface GlobalSearch {
  q?: string;
  /** Only this kind. */
  kind?: SearchScope;
}

const search = createRoute({
  getParentRoute: () => desk,
  path: "/search",
  validateSearch: (search): GlobalSearch => ({
    q: text(search.q),
    kind: scopes.find((kind) => kind === search.kind),
  }),
  component: lazyRouteComponent(() => import("./routes/search/Search"), "Search"),
});

const settings = createRoute({
  getParentRoute: () => desk,
  path: "/settings",
  component: lazyRouteComponent(() => import("./routes/settings/Settings"), "Settings"),
});

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("./routes/settings/Settings"), "SettingsHome"),
});

const profile = createRoute({
  getParentRoute: () => settings,
  path: "profile",
  component: lazyRouteComponent(() => import("./routes/settings/Profile"), "Profile"),
});

/** The pages of set-up; each names the permission it needs. */
const setUp = createRoute({
  getParentRoute: () => settings,
  id: "set-up",
  beforeLoad: ({ context, location }) => {
    const needed = Object.entries(pagePermissions).find(([path]) =>
      location.pathname.startsWith(path),
    )?.[1];
    if (needed && !context.me.permissions.includes(needed)) throw new ForbiddenPage();
  },
  errorComponent: ({ error }) =>
    error instanceof ForbiddenPage ? <Forbidden /> : <Crash error={error} reset={() => {}} />,
});

class ForbiddenPage extends Error {}

const pagePermissions: Record<string, Permission> = {
  "/settings/channels": "channels.manage",
  "/settings/organisation": "installation.manage",
  "/settings/departments": "departments.manage",
  "/settings/agents": "agents.manage",
  "/settings/dead-letters": "dead_letters.manage",
  "/settings/surveys": "surveys.read",
};

export interface PreferencesSearch {
  department?: string;
  tab?: "agents" | "tickets";
  channel?: string;
}

const setUpPages = [
  createRoute({
    getParentRoute: () => setUp,
    path: "channels",
    component: lazyRouteComponent(() => import("./routes/settings/Catalogue"), "Catalogue"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat",
    component: lazyRouteComponent(() => import("./routes/settings/ChannelList"), "ChannelList"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/new",
    // `direct`: to the form at once, with what the wizard has found out.
    validateSearch: (search): { direct?: boolean } => ({
      direct: search.direct === true || undefined,
    }),
    component: lazyRouteComponent(() => import("./routes/settings/ChannelForm"), "AddChannel"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId",
    component: lazyRouteComponent(
      () => import("./routes/settings/ChannelDetails"),
      "ChannelDetails",
    ),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/wizard",
    component: lazyRouteComponent(() => import("./routes/settings/channel/Wizard"), "Wizard"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId/doctor",
    component: lazyRouteComponent(() => import("./routes/settings/channel/Doctor"), "Doctor"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId/automation",
    component: lazyRouteComponent(
      () => import("./routes/settings/channel/Automation"),
      "Automation",
    ),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId/cards",
    component: lazyRouteComponent(
      () => import("./routes/settings/channel/presets/CardPresets"),
      "CardPresets",
    ),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId/surveys",
    component: lazyRouteComponent(
      () => import("./routes/settings/channel/ChannelSurveys"),
      "ChannelSurveys",
    ),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "surveys",
    validateSearch: (search): { channel?: string } => ({ channel: text(search.channel) }),
    component: lazyRouteComponent(() => import("./routes/settings/Surveys"), "Surveys"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId/approvals",
    component: lazyRouteComponent(() => import("./routes/settings/channel/Approvals"), "Approvals"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/preferences",
    validateSearch: (search): PreferencesSearch => ({
      department: text(search.department),
      tab: search.tab === "tickets" ? "tickets" : undefined,
      channel: text(search.channel),
    }),
    component: lazyRouteComponent(
      () => import("./routes/settings/preferences/Preferences"),
      "Preferences",
    ),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "channels/wechat/$channelId/edit",
    component: lazyRouteComponent(() => import("./routes/settings/ChannelForm"), "EditChannel"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "organisation",
    component: lazyRouteComponent(() => import("./routes/settings/Organisation"), "Organisation"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "departments",
    component: lazyRouteComponent(() => import("./routes/settings/Departments"), "Departments"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "agents",
    component: lazyRouteComponent(() => import("./routes/settings/Agents"), "Agents"),
  }),
  createRoute({
    getParentRoute: () => setUp,
    path: "dead-letters",
    component: lazyRouteComponent(() => import("./routes/settings/DeadLetters"), "DeadLetters"),
  }),
] as const;

function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

const routeTree = root.addChildren([
  signIn,
  secondFactor,
  firstRun,
  invitation,
  desk.addChildren([
    home,
    inbox.addChildren([noConversation, conversation]),
    tickets,
    ticket,
    search,
    settings.addChildren([settingsHome, profile, setUp.addChildren(setUpPages)]),
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: Crash,
});

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (
    /^\/(signin|welcome|invitation)\b/.test(pathname) ||
    !queryClient.getQueryData(meQuery.queryKey)
  )
    return;
  queryClient.clear();
  void router.navigate({ to: "/signin", search: { next: href, left: true } });
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
