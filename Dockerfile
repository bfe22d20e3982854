# One image for every process of the application; docker-compose.yml and deploy/ say which entry each container runs.
# Reviewed and checked for its references (tests/unit/deploy), but not built where this was written: there is no engine there.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: nothing downloaded runs code here. The Node that travels as a package is for machines, not for images.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim
# The model's, Vonage's and Google's certificates; the slim image has none.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY activities ./activities
COPY api ./api
COPY config ./config
COPY cli/worker-health.ts ./cli/
COPY local/pollers.ts ./local/
COPY domain ./domain
COPY media ./media
COPY providers ./providers
COPY telemetry ./telemetry
COPY workers ./workers
COPY workflows ./workflows
RUN mkdir -p /data && chown node:node /data
ENV DATA_DIR=/data
USER node
# Node as the first process gets the stop signal itself: the workers drain on it.
CMD ["node", "api/main.ts"]
