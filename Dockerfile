# The program alone, on a small system with a shell, as the runners of CI need one.
FROM rust:1.91-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin loadpath

FROM debian:12-slim
# git is what `loadpath diff git:main:shop.arch shop.arch` asks; it need not own what is mounted to look at it.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git=1:2.39.* \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system safe.directory /designs
COPY --from=build /build/target/release/loadpath /usr/local/bin/loadpath
# Nobody in particular: designs are only read, unless the caller says who is to write (`--user`).
USER 65532:65532
WORKDIR /designs
ENTRYPOINT ["loadpath"]
CMD ["check"]
