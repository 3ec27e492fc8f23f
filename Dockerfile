# The service on SQLite in /data. It needs an ADMIN_TOKEN of at least 16 characters, and nothing else that it can write
# but /data and /tmp: docker run --read-only --tmpfs /tmp.
FROM node:24-bookworm-slim AS build
# Where no prebuilt SQLite module can be downloaded, npm compiles one.
RUN apt-get update && apt-get install -y --no-install-recommends g++ make python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATABASE_PATH=/data/stip-sandbox.sqlite
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/migrations migrations
COPY --from=build /build/examples examples
COPY --from=build /build/dist dist
# docker compose exec stip-sandbox stip-sandbox balances show
RUN ln -s /app/dist/src/cli/main.js /usr/local/bin/stip-sandbox
RUN install -d -o node -g node -m 700 /data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# It takes the address and TLS from the same settings as the service. A look itself ends after 5 seconds.
HEALTHCHECK --interval=10s --timeout=10s --start-period=10s CMD ["stip-sandbox", "status"]
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["serve"]
