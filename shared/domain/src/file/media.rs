//! The media types that are taken. None is among them that a browser would run as a page of ours: no HTML, no SVG, no scripts.

use crate::words::words;

words! {
    /// A kind of file that projects and events take.
    FileType {
        /// PDF.
        Pdf = "application/pdf",
        /// Word since 2007.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// Excel since 2007.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// PowerPoint since 2007.
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        /// Word before 2007.
        Doc = "application/msword",
        /// Excel before 2007.
        Xls = "application/vnd.ms-excel",
        /// PowerPoint before 2007.
        Ppt = "application/vnd.ms-powerpoint",
        /// A text document of an open office suite.
        Odt = "application/vnd.oasis.opendocument.text",
        /// A spreadsheet of an open office suite.
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
        /// A drawing of AutoCAD.
        Dwg = "image/vnd.dwg",
        /// An exchanged drawing.
        Dxf = "image/vnd.dxf",
        /// A ZIP archive.
        Zip = "application/zip",
        /// Comma-separated values.
        Csv = "text/csv",
        /// Plain text.
        Text = "text/plain",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG.
        Png = "image/png",
        /// WebP.
        Webp = "image/webp",
        /// TIFF.
        Tiff = "image/tiff",
        /// A photograph of a telephone.
        Heic = "image/heic",
    }
}

words! {
    /// A kind of picture that every browser shows.
    ImageType {
        /// JPEG.
        Jpeg = "image/jpeg",
        /// PNG.
        Png = "image/png",
        /// WebP.
        Webp = "image/webp",
    }
}
