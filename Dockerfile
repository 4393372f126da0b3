# The program alone, on a small system with a shell, as the runners of CI need one.
FROM rust:1.91-slim-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --bin loadpath

FROM debian:12-slim
COPY --from=build /build/target/release/loadpath /usr/local/bin/loadpath
# Nobody in particular: designs are only read, unless the caller says who is to write (`--user`).
USER 65532:65532
WORKDIR /designs
ENTRYPOINT ["loadpath"]
CMD ["check"]
