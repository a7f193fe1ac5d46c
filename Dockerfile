# The dashboard: `docker build -t ecs-rollback .`, then add ecs-rollback.yaml (docs/install.md).
#
# Pin the base to what you have looked at: --build-arg NODE=node:24-bookworm-slim@sha256:… (the digest is printed by
# `docker buildx imagetools inspect node:24-bookworm-slim`).
ARG NODE=node:24-bookworm-slim

FROM ${NODE} AS build
WORKDIR /src
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && node scripts/commands.mjs

FROM ${NODE}
# What installs packages is of no use to what runs.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn*
WORKDIR /app
COPY --from=build --chown=0:0 --chmod=0555 /src/.next/standalone ./
# New objects get 16 MiB and not as much as Node likes: pages are short-lived, and a crowd of them shall not look like memory in
# use. Node takes this only before it starts.
ENV NODE_ENV=production \
    NODE_OPTIONS=--max-semi-space-size=16 \
    NEXT_TELEMETRY_DISABLED=1 \
    HOSTNAME=0.0.0.0 \
    PORT=3000 \
    ECS_ROLLBACK_CONFIG=/etc/ecs-rollback/ecs-rollback.yaml
# Nothing is written to the file system: run it with a read-only one.
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=90s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server.js"]
