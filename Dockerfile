# The binary is built with the whole toolchain and runs with next to nothing, as a user without rights. For the embedded
# database, give it a volume: docker run --volume oauth2:/data --publish 127.0.0.1:8080:8080 --env OAUTH2_SERVER_HOST=0.0.0.0 oauth2-server
FROM rust:1.95-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --release --locked --package server

FROM debian:bookworm-slim AS runtime
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin oauth2 \
    && install -d -o oauth2 -g oauth2 -m 0700 /data
COPY --from=build /source/target/release/oauth2-server /usr/local/bin/oauth2-server
USER oauth2
WORKDIR /data
EXPOSE 8080
HEALTHCHECK CMD ["oauth2-server", "healthcheck"]
ENTRYPOINT ["oauth2-server"]
